import net from 'node:net';

/**
 * A proxy in front of a server whose connections can be cut or frozen.
 *
 * @internal
 */
export class TcpProxy {
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<net.Socket>();
  #server: net.Server | undefined;
  #frozen = false;
  #port = 0;

  static async start(target: {
    host: string;
    port: number;
  }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.restore();
    return proxy;
  }

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  /** Like a server that has stopped: open connections break, new ones are refused. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise(resolve => server?.close(resolve));
    this.#sockets.forEach(socket => socket.destroy());
    await closed;
  }

  /** Like a server under SIGSTOP: connections stay open, nothing is answered. */
  freeze(): void {
    this.#frozen = true;
    this.#sockets.forEach(socket => socket.pause());
  }

  thaw(): void {
    this.#frozen = false;
    this.#sockets.forEach(socket => socket.resume());
  }

  /** Like a network that loses its state: open connections die in silence, new ones work. */
  abandon(): void {
    for (const socket of this.#sockets) {
      socket.removeAllListeners('data');
      socket.resume();
    }
  }

  /** Listens again, on the same port as before. */
  async restore(): Promise<void> {
    const server = net.createServer({ pauseOnConnect: true }, client =>
      this.#connect(client),
    );
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as net.AddressInfo).port;
  }

  #connect(client: net.Socket): void {
    const upstream = net.connect(this.#target);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      this.#sockets.add(from);
      from.on('data', chunk => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#frozen) {
        from.pause();
      } else {
        from.resume();
      }
    }
  }
}
