import type { Server, Socket } from 'node:net';

/** How long requests under way may take to end. */
const GRACE_MS = 1_000;

/**
 * Makes a function that stops a server: requests under way may end, then every connection is cut.
 *
 * @remarks
 * Node's own `closeAllConnections` knows only connections with a parser: one that never ends its TLS handshake, or
 * that sent something unreadable and stays, would keep the server open for minutes. To be called before the server
 * listens.
 *
 * @param closeIdle - Ends connections that wait for their next request.
 * @internal
 */
export function createServerCloser(
  server: Server,
  closeIdle: () => void,
): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise<void>(resolve => {
      server.close(() => resolve());
    });
    closeIdle();
    const cut = setTimeout(() => {
      sockets.forEach(socket => socket.destroy());
    }, GRACE_MS);
    await closed;
    clearTimeout(cut);
  };
}
