import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ORGANISATION } from './testUtils/organisation';
import { PORTAL_URL, SandboxProcess } from './testUtils/SandboxProcess';

jest.setTimeout(60_000);

const TOKEN = 'token-of-the-tests';

/** A client that sends this and then neither more nor an end. */
function hold(port: number, text: string) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  socket.write(text);
  return socket;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  return new Promise(resolve => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

describe('the sandbox process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-main-'));
  const environment = { WAYSTONE_SANDBOX_ORG: join(folder, 'org.yaml') };
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    writeFileSync(environment.WAYSTONE_SANDBOX_ORG, ORGANISATION);
    sandbox = await SandboxProcess.start(environment);
  });

  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  });

  it('prints one line and serves its pages', async () => {
    expect(sandbox.output).toBe(
      `Sandbox ready at ${sandbox.url} with 3 people to sign in as. For development, demos and tests only.\n`,
    );

    const health = await fetch(`${sandbox.url}/healthz`);
    await expect(health.json()).resolves.toEqual({ status: 'ok' });

    const home = await (await fetch(sandbox.url)).text();
    expect(home).toContain('This is a sandbox');
    expect(home).toContain('OpenID provider');
    expect(home).toContain(`href="${PORTAL_URL}"`);

    const people = await fetch(`${sandbox.url}/people`);
    const list = await people.json();
    expect(list).toHaveLength(3);
    expect(list[0]).toEqual({
      name: 'Maya Okafor',
      ref: 'user:default/maya.okafor',
      email: 'maya.okafor@example.com',
      role: 'Developer in Orders',
      team: 'Orders',
      featured: true,
    });

    const missing = await fetch(`${sandbox.url}/nowhere`);
    expect(missing.status).toBe(404);
    const broken = await fetch(`${sandbox.url}/%ff`);
    expect(broken.status).toBeLessThan(500);
  });

  it('answers only to the names of this machine', async () => {
    const { port } = new URL(sandbox.url);
    const ask = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/people', headers: { host } })
          .on('response', response => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });

    for (const name of ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]']) {
      await expect(ask(`${name}:${port}`)).resolves.toBe(200);
    }
    for (const host of [
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      'localhost',
      'localhost:1',
    ]) {
      await expect(ask(host)).resolves.toBe(403);
    }
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s', async signal => {
    const other = await SandboxProcess.start(environment);
    other.child.kill(signal);

    await expect(other.exit()).resolves.toBe(0);
  });

  it.each(['SIGTERM', 'disconnect'])(
    'stops on %s while it starts',
    async reason => {
      const port = await findFreePort();
      const other = SandboxProcess.spawn({
        ...environment,
        WAYSTONE_SANDBOX_PORT: String(port),
      });
      while (!(await accepts(port))) {
        await wait(10);
      }
      if (reason === 'SIGTERM') {
        other.child.kill('SIGTERM');
      } else {
        other.child.disconnect();
      }

      await expect(other.exit()).resolves.toBe(0);
      expect(other.output).not.toContain('cannot run');
    },
  );

  it('stops although clients hold connections in all states', async () => {
    const state = join(folder, 'held');
    mkdirSync(state);
    const other = await SandboxProcess.start({
      ...environment,
      WAYSTONE_SANDBOX_STATE: state,
      WAYSTONE_SANDBOX_TOKEN: TOKEN,
      WAYSTONE_SANDBOX_KUBECTL_PORT: '0',
    });
    const { port } = new URL(other.url);
    const { kubeconfig } = JSON.parse(
      readFileSync(join(state, 'run.json'), 'utf8'),
    );
    const kubectlPort = /localhost:(\d+)/.exec(
      readFileSync(kubeconfig, 'utf8'),
    )![1];
    const head = `HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const held = [
      hold(Number(kubectlPort), ''),
      hold(Number(port), ''),
      hold(Number(port), 'not HTTP at all\r\n'),
      hold(Number(port), 'LIST /vault/v1/secret/metadata HTTP/1.1\r\n'),
      hold(
        Number(port),
        `GET /kubernetes/prod/api/v1/pods?watch=1 ${head}\r\n`,
      ),
      hold(
        Number(port),
        `POST /kubernetes/prod/api/v1/namespaces ${head}Content-Length: 9\r\n\r\n{`,
      ),
    ];
    await Promise.all(held.map(socket => once(socket, 'connect')));
    // The watch is open.
    await once(held[4], 'data');

    await expect(other.stop()).resolves.toBe(0);
    expect(other.output).not.toContain('still at work');
    held.forEach(socket => socket.destroy());
  });

  it('stops when the process that started it is gone', async () => {
    const other = await SandboxProcess.start(environment);
    other.child.disconnect();

    await expect(other.exit()).resolves.toBe(0);
  });

  it('says in one line that its port is taken', async () => {
    const { port } = new URL(sandbox.url);
    const other = SandboxProcess.spawn({
      ...environment,
      WAYSTONE_SANDBOX_PORT: port,
    });

    await expect(other.exit()).resolves.toBe(1);
    expect(other.output).toBe(
      `The sandbox cannot run. Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or choose another port with WAYSTONE_SANDBOX_PORT.\n`,
    );
  });

  it('minds a port that is taken on ::1 only', async () => {
    const blocker = createServer();
    const free = await new Promise<boolean>(resolve => {
      blocker.once('error', () => resolve(false));
      blocker.listen({ host: '::1', port: 0 }, () => resolve(true));
    });
    if (!free) {
      return; // this machine has no IPv6
    }
    const { port } = blocker.address() as AddressInfo;
    const other = SandboxProcess.spawn({
      ...environment,
      WAYSTONE_SANDBOX_PORT: String(port),
    });

    await expect(other.exit()).resolves.toBe(1);
    expect(other.output).toContain(`Port ${port} on ::1 is taken`);
    blocker.close();
  });

  it.each([
    [
      { NODE_ENV: 'production' },
      /^The sandbox cannot run\. The sandbox does not run in production: .*\n$/,
    ],
    [
      { AUTH_OIDC_CLIENT_SECRET: '' },
      /^The sandbox cannot run\. AUTH_OIDC_CLIENT_SECRET: missing; .*\n$/,
    ],
    [
      { WAYSTONE_SANDBOX_STATE: join(__filename, 'state') },
      /^The sandbox cannot run\. Cannot write the sandbox's state file '.*' \(ENOTDIR\)\. .*\n$/,
    ],
    [
      { WAYSTONE_SANDBOX_ORG: '/nowhere/org.yaml' },
      /^The sandbox cannot run\. Cannot read the organisation file '\/nowhere\/org\.yaml' .*\n$/,
    ],
  ])('refuses to start with %j', async (wrong, message) => {
    const other = SandboxProcess.spawn({ ...environment, ...wrong });

    await expect(other.exit()).resolves.toBe(1);
    expect(other.output).toMatch(message);
  });

  it('says what to do about a broken state file', async () => {
    const state = join(folder, 'broken');
    mkdirSync(state);
    writeFileSync(join(state, 'identity-tokens.json'), '{"half');
    const other = SandboxProcess.spawn({
      ...environment,
      WAYSTONE_SANDBOX_STATE: state,
    });

    await expect(other.exit()).resolves.toBe(1);
    expect(other.output).toMatch(
      /^The sandbox cannot run\. Cannot read the sandbox's state file '.*identity-tokens\.json' \(it is not JSON\)\. Delete it .*\n$/,
    );
  });
});
