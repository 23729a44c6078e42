import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createGzip } from 'node:zlib';

/**
 * What a {@link ScriptedServer} does with a request.
 */
export interface ScriptedAnswer {
  /** Waits so long before it answers, in milliseconds. */
  readonly delayMs?: number;
  /** Takes the request and never answers. */
  readonly hang?: boolean;
  /** @defaultValue 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON if it is not a string. */
  readonly body?: unknown;
  /** Compresses the body. */
  readonly gzip?: boolean;
  /** Breaks the connection after so many bytes of the body. */
  readonly resetAfterBytes?: number;
  /** Writes the body itself. */
  readonly stream?: (
    response: ServerResponse,
    request: IncomingMessage,
  ) => void;
}

/** A request that a {@link ScriptedServer} got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Script =
  | ScriptedAnswer
  | ((request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

/**
 * A real HTTP server on a free port of loopback that answers by a script and can be taken away.
 */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  /** Connections that are open now. */
  readonly sockets = new Set<Socket>();
  /** What it answers now. */
  script: Script = { body: {} };
  #port = 0;
  #server?: ReturnType<typeof createServer>;

  static async start(script: Script = { body: {} }): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.script = script;
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Answers again, on the same port. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    server.on('connection', socket => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses connections, as if it were gone. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) {
      return;
    }
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const received: ReceivedRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(received);
    const answer =
      typeof this.script === 'function'
        ? await this.script(received)
        : this.script;
    if (answer.hang) {
      return;
    }
    if (answer.delayMs) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, answer.delayMs);
        response.on('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    const json = typeof answer.body !== 'string';
    response.writeHead(answer.status ?? 200, {
      'content-type': json ? 'application/json' : 'text/plain',
      ...(answer.gzip && { 'content-encoding': 'gzip' }),
      ...answer.headers,
    });
    if (answer.stream) {
      response.flushHeaders();
      answer.stream(response, request);
      return;
    }
    const body = json ? JSON.stringify(answer.body ?? {}) : `${answer.body}`;
    if (answer.resetAfterBytes !== undefined) {
      response.write(body.slice(0, answer.resetAfterBytes), () => {
        // With a reset rather than an orderly end.
        request.socket.resetAndDestroy();
      });
    } else if (answer.gzip) {
      const compressed = createGzip();
      compressed.pipe(response);
      compressed.end(body);
    } else {
      response.end(body);
    }
  }
}
