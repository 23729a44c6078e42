import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SandboxStartError } from '../../SandboxStartError';
import type { Certificates } from './readCertificates';

const CLOSE_GRACE_MS = 1_000;
/** Answers of a kernel that has no IPv6, or has it switched off. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EACCES']);

/** An open listener. @internal */
export interface TlsListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens with TLS on 127.0.0.1 and, where the machine has it, on ::1.
 *
 * @param port - the port, or 0 for a free one
 * @internal
 */
export async function listenWithTls(
  handler: RequestListener,
  port: number,
  certificates: Certificates,
): Promise<TlsListener> {
  // A free port of 127.0.0.1 may be taken on ::1, hence the attempts.
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await listen(handler, port, '127.0.0.1', certificates);
    const actualPort = (ipv4.address() as AddressInfo).port;
    try {
      const ipv6 = await listen(handler, actualPort, '::1', certificates);
      return createListener(actualPort, [ipv4, ipv6]);
    } catch (error) {
      if (NO_IPV6.has((error as NodeJS.ErrnoException).code ?? '')) {
        return createListener(actualPort, [ipv4]);
      }
      await close(ipv4);
      if (port !== 0 || attempt === 5) {
        throw asStartError(error, actualPort);
      }
    }
  }
}

async function listen(
  handler: RequestListener,
  port: number,
  host: string,
  certificates: Certificates,
): Promise<Server> {
  const server = createServer(
    {
      key: certificates.privateKey,
      cert: certificates.certificate,
      // Watches stay open for an hour without a request.
      requestTimeout: 0,
    },
    handler,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host }, resolve);
    });
  } catch (error) {
    throw host === '::1' ? error : asStartError(error, port);
  }
  return server;
}

function createListener(port: number, servers: readonly Server[]): TlsListener {
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
}

function asStartError(error: unknown, port: number): Error {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? new SandboxStartError(
        `Port ${port}, where kubectl reaches the sandbox, cannot be used (${code}). Choose another port with WAYSTONE_SANDBOX_KUBECTL_PORT.`,
      )
    : (error as Error);
}
