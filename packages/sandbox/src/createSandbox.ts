import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { createControl } from './control/createControl';
import { applyFaults } from './core/applyFaults';
import type { PostgresServer } from './core/SandboxContext';
import { writeStateFile } from './core/stateFiles';
import { createPlatform } from './createPlatform';
import type { RunningPlatform } from './createPlatform';
import { checkHost } from './http/checkHost';
import { listenOnLoopback } from './http/listenOnLoopback';
import type { LoopbackListener } from './http/listenOnLoopback';
import { createIdentityProvider } from './identity/createIdentityProvider';
import { readPeople } from './identity/people';
import type { Person } from './identity/people';
import { renderHomePage } from './pages/homePage';
import {
  createContentSecurityPolicy,
  FAVICON,
  renderMessagePage,
} from './pages/renderPage';
import type { SandboxPart } from './SandboxPart';
import { SandboxStartError } from './SandboxStartError';

/** Says where a sandbox that runs is reached, and with which token. */
const RUN_FILE = 'run.json';

/** Of a folder that cannot be written to. */
const DISK_ERRORS = new Set([
  'EACCES',
  'EDQUOT',
  'EIO',
  'ENOSPC',
  'EPERM',
  'EROFS',
]);

/**
 * Options of {@link createSandbox}.
 *
 * @public
 */
export interface SandboxOptions {
  /** The port on loopback; 0 takes a free one. */
  readonly port: number;
  /**
   * Where the sandbox is reached, if not at its own port.
   *
   * @defaultValue `http://localhost:<port>`
   */
  readonly url?: string;
  /** Where the portal's backend is reached. */
  readonly portalUrl: string;
  /**
   * Where the portal's frontend is reached.
   *
   * @defaultValue the same as `portalUrl`
   */
  readonly appUrl?: string;
  /** The portal's OpenID client. */
  readonly client: { readonly id: string; readonly secret: string };
  /** YAML file with the User and Group entities of the example organisation. */
  readonly organisationFile: string;
  /** Folder for what has to survive a restart; by default nothing does. */
  readonly stateFolder?: string;
  /**
   * How long somebody stays signed in.
   *
   * @defaultValue 14 days
   */
  readonly sessionSeconds?: number;
  /** Offers two more people whom the portal must refuse. */
  readonly testPeople?: boolean;
  /**
   * What the portal shows to every system.
   *
   * @defaultValue a new one in every start
   */
  readonly token?: string;
  /** The port of the Kubernetes API for kubectl, with TLS; 0 takes a free one. Without it kubectl cannot be used. */
  readonly kubectlPort?: number;
  /**
   * How many times faster than realistic things take their time.
   *
   * @defaultValue 1
   */
  readonly speed?: number;
  /**
   * How many synthetic services there are beside the organisation's, for benchmarks.
   *
   * @defaultValue 0
   */
  readonly fleet?: number;
  /** Where databases are made for real. Without it they are refused. */
  readonly postgres?: PostgresServer;
}

/**
 * The platform in one process.
 *
 * @public
 */
export interface Sandbox {
  /** Where it is reached. With port 0 and no `url` it is known only after `listen`. */
  readonly url: string;
  /** Who can sign in. */
  readonly people: readonly Person[];
  /** Starts to answer on 127.0.0.1 and ::1. */
  listen(): Promise<void>;
  /** Stops; requests under way get a second to end. */
  close(): Promise<void>;
}

/**
 * Creates a sandbox, which answers once `listen` was called.
 *
 * @public
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const people = readPeople(options.organisationFile, {
    testPeople: options.testPeople,
  });
  let listener: LoopbackListener | undefined;
  let platform: RunningPlatform | undefined;
  let temporaryFolder: string | undefined;

  const sandbox = {
    get url() {
      return (
        options.url ?? `http://localhost:${listener?.port ?? options.port}`
      );
    },
    people,
    async listen() {
      // The address is part of what the parts say (the issuer, links), so the port comes first.
      let app: RequestListener = (_req, res) => {
        res.writeHead(503, { 'Retry-After': '1' }).end('Starting\n');
      };
      listener = await listenOnLoopback({
        handler: (req, res) => app(req, res),
        port: options.port,
        variable: 'WAYSTONE_SANDBOX_PORT',
      });
      try {
        if (!options.stateFolder) {
          temporaryFolder = mkdtempSync(join(tmpdir(), 'waystone-sandbox-'));
        }
        const stateFolder = options.stateFolder ?? temporaryFolder!;
        checkStateFolder(stateFolder);
        platform = await createPlatform({
          ...options,
          people,
          url: sandbox.url,
          stateFolder,
          token: options.token ?? randomBytes(24).toString('hex'),
        });
        app = await createApp({
          ...options,
          people,
          url: sandbox.url,
          port: listener.port,
          platform,
        });
        await platform.start();
        // For the command line, which has to find this sandbox and be let in.
        writeStateFile(join(platform.context.stateFolder, RUN_FILE), {
          url: sandbox.url,
          token: platform.context.token,
          kubeconfig: platform.kubeconfig,
        });
      } catch (error) {
        await sandbox.close().catch(() => {
          // Why it could not start says more than why it could not write its end.
        });
        throw explainDisk(error as NodeJS.ErrnoException);
      }
    },
    async close() {
      await listener?.close();
      listener = undefined;
      if (platform) {
        rmSync(join(platform.context.stateFolder, RUN_FILE), { force: true });
        await platform.stop();
        platform = undefined;
      }
      if (temporaryFolder) {
        rmSync(temporaryFolder, { recursive: true, force: true });
      }
    },
  };
  return sandbox;
}

/** One clear error in the beginning, whatever part would meet it first. */
function checkStateFolder(folder: string) {
  const file = join(folder, 'write-check.json');
  writeStateFile(file, {});
  rmSync(file, { force: true });
}

function explainDisk(error: NodeJS.ErrnoException): Error {
  return error.code && DISK_ERRORS.has(error.code)
    ? new SandboxStartError(
        `It cannot write its state (${error.code}). Check the free space and the permissions of its folder, or choose another one with WAYSTONE_SANDBOX_STATE.`,
      )
    : error;
}

async function createApp(
  options: SandboxOptions & {
    people: readonly Person[];
    url: string;
    platform: RunningPlatform;
  },
): Promise<Express> {
  const { people, platform, port, portalUrl, url } = options;
  const appUrl = options.appUrl ?? portalUrl;

  const parts: SandboxPart[] = [
    await createIdentityProvider({
      sandboxUrl: url,
      portalUrl,
      appUrl,
      clientId: options.client.id,
      clientSecret: options.client.secret,
      people,
      stateFolder: options.stateFolder,
      sessionSeconds: options.sessionSeconds,
    }),
    ...platform.parts,
  ];
  const control = createControl({ platform, stories: platform.stories, parts });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(checkHost([String(port), new URL(url).port]));
  app.use(setHeaders);

  app.get('/', (_req, res) => {
    res.send(renderHomePage({ parts, portalUrl: appUrl }));
  });
  app.get('/favicon.svg', (_req, res) => {
    res.type('image/svg+xml').send(FAVICON);
  });
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.get('/people', (_req, res) => {
    res.json(people.map(toListItem));
  });
  for (const part of [...parts, control]) {
    app.use(
      part.path,
      applyFaults(platform.context.faults, part),
      (req: Request, res: Response, next: NextFunction) => {
        // A handler may be asynchronous, and Express does not see such a one fail.
        Promise.resolve(part.handler(req, res, next) as unknown).catch(next);
      },
    );
  }

  app.use((_req, res) => {
    res.status(404).send(
      renderMessagePage({
        title: 'Nothing here',
        text: 'The sandbox has no page at this address.',
        link: { href: '/', label: 'What the sandbox holds' },
      }),
    );
  });
  app.use(handleError);
  return app;
}

function setHeaders(_req: Request, res: Response, next: NextFunction) {
  res.setHeader('Content-Security-Policy', createContentSecurityPolicy());
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('Cache-Control', 'no-store');
  next();
}

function handleError(
  error: Error & { status?: unknown },
  _req: Request,
  res: Response,
  next: NextFunction,
) {
  if (res.headersSent) {
    next(error);
    return;
  }
  const status = typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) {
    process.stderr.write(`Sandbox request failed: ${error.stack}\n`);
  }
  res.status(status).send(
    renderMessagePage({
      title: status < 500 ? 'Request refused' : 'The sandbox failed',
      text:
        status < 500
          ? 'The sandbox cannot read this request.'
          : 'The sandbox could not answer. Its log says why.',
      link: { href: '/', label: 'What the sandbox holds' },
    }),
  );
}

function toListItem(person: Person) {
  return {
    name: person.displayName,
    ref: person.ref,
    email: person.email,
    role: person.role,
    team: person.teams.map(team => team.title).join(', ') || undefined,
    featured: person.place === 'featured',
  };
}
