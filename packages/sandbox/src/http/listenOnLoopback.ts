import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SandboxStartError } from '../SandboxStartError';
import { answerListRequests } from './answerListRequests';
import { createServerCloser } from './createServerCloser';

/** Answers of a kernel that has no IPv6, or has it switched off. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EACCES']);

/**
 * Options of {@link listenOnLoopback}.
 *
 * @internal
 */
export interface LoopbackOptions {
  readonly handler: RequestListener;
  /** The port, or 0 for a free one. */
  readonly port: number;
  /** The environment variable that chooses the port, for errors. */
  readonly variable: string;
  /** Key and certificate in PEM; without them it speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/**
 * An open listener.
 *
 * @internal
 */
export interface LoopbackListener {
  readonly port: number;
  /** Stops; requests under way get a second to end. */
  close(): Promise<void>;
}

interface OpenServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1.
 *
 * @remarks
 * Both, because `localhost` resolves to ::1 first for some clients (Chromium, curl) and to 127.0.0.1 for
 * others. Never on other addresses: the sandbox signs anybody in without a password.
 *
 * @throws {@link SandboxStartError} if the port cannot be used.
 * @internal
 */
export async function listenOnLoopback(
  options: LoopbackOptions,
): Promise<LoopbackListener> {
  // A free port of 127.0.0.1 may be taken on ::1, hence the attempts.
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await listen(options, options.port, '127.0.0.1').catch(
      error => {
        throw asStartError(error, options, options.port, '127.0.0.1');
      },
    );
    try {
      const ipv6 = await listen(options, ipv4.port, '::1');
      return createListener([ipv4, ipv6]);
    } catch (error) {
      if (NO_IPV6.has(errorCode(error))) {
        return createListener([ipv4]);
      }
      await ipv4.close();
      if (options.port !== 0 || attempt === 5) {
        throw asStartError(error, options, ipv4.port, '::1');
      }
    }
  }
}

async function listen(
  options: LoopbackOptions,
  port: number,
  host: string,
): Promise<OpenServer> {
  const server = createOneServer(options);
  const close = createServerCloser(server, () => server.closeIdleConnections());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close };
}

function createOneServer({ handler, tls }: LoopbackOptions): Server {
  if (tls) {
    return createTlsServer(tls, handler);
  }
  const server = createServer(handler);
  answerListRequests(server);
  return server;
}

function createListener(servers: readonly OpenServer[]): LoopbackListener {
  return {
    port: servers[0].port,
    close: async () => {
      await Promise.all(servers.map(server => server.close()));
    },
  };
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function asStartError(
  error: unknown,
  { variable }: LoopbackOptions,
  port: number,
  host: string,
): Error {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new SandboxStartError(
      `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port with ${variable}.`,
    );
  }
  if (code === 'EACCES') {
    return new SandboxStartError(
      `This user may not listen on port ${port} of ${host}. Choose a port above 1023 with ${variable}.`,
    );
  }
  return error as Error;
}
