import { createServer, Server } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerListRequests } from './answerListRequests';
import { SandboxStartError } from '../SandboxStartError';

const CLOSE_GRACE_MS = 2_000;

/** Answers of a kernel that has no IPv6, or has it switched off. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EACCES']);

/**
 * An open listener.
 *
 * @internal
 */
export interface LoopbackListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1.
 *
 * @remarks
 * Both, because `localhost` resolves to ::1 first for some clients (Chromium, curl) and to 127.0.0.1 for
 * others. Never on other addresses: the sandbox signs anybody in without a password.
 *
 * @param port - the port, or 0 for a free one
 * @internal
 */
export async function listenOnLoopback(
  handler: RequestListener,
  port: number,
): Promise<LoopbackListener> {
  // A free port of 127.0.0.1 may be taken on ::1, hence the attempts.
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await listen(handler, port, '127.0.0.1');
    const actualPort = (ipv4.address() as AddressInfo).port;
    try {
      const ipv6 = await listen(handler, actualPort, '::1');
      return createListener(actualPort, [ipv4, ipv6]);
    } catch (error) {
      if (NO_IPV6.has(errorCode(error))) {
        return createListener(actualPort, [ipv4]);
      }
      await close(ipv4);
      if (port !== 0 || attempt === 5) {
        throw asStartError(error, actualPort, '::1');
      }
    }
  }

  async function listen(
    listener: RequestListener,
    wanted: number,
    host: string,
  ): Promise<Server> {
    const server = createServer(listener);
    answerListRequests(server);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port: wanted, host }, resolve);
      });
    } catch (error) {
      if (host === '::1') {
        throw error;
      }
      throw asStartError(error, wanted, host);
    }
    return server;
  }
}

function createListener(
  port: number,
  servers: readonly Server[],
): LoopbackListener {
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

/** Lets running requests end, then cuts the connections that are left. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function asStartError(error: unknown, port: number, host: string): Error {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new SandboxStartError(
      `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port with WAYSTONE_SANDBOX_PORT.`,
    );
  }
  if (code === 'EACCES') {
    return new SandboxStartError(
      `This user may not listen on port ${port} of ${host}. Choose a port above 1023 with WAYSTONE_SANDBOX_PORT.`,
    );
  }
  return error as Error;
}
