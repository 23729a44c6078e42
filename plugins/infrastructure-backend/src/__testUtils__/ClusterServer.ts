import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';

const PREFIX = '/apis/platform.waystone.dev/v1alpha1';

const READY = {
  conditions: ['Synced', 'Ready'].map(type => ({ type, status: 'True' })),
};
const KINDS = {
  kind: 'APIResourceList',
  groupVersion: 'platform.waystone.dev/v1alpha1',
  resources: [
    {
      name: 'postgresqlinstances',
      kind: 'PostgreSQLInstance',
      namespaced: true,
      verbs: ['get', 'patch', 'delete'],
    },
  ],
};

/** The API of a cluster that knows one kind, over HTTP, and counts what is written. */
export class ClusterServer {
  readonly objects = new Map<string, Record<string, any>>();
  /** How often each object was applied. */
  readonly applied = new Map<string, number>();
  /** Whether what is applied is ready at once. */
  readyAtOnce = true;
  /** Told of what is applied, before it is; it may take its time. */
  onApply: (name: string) => Promise<void> = async () => {};
  #server?: Server;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>(resolve => {
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Nobody is there until it is started again, at the same address. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await new Promise<void>(resolve => {
      if (!server) {
        resolve();
        return;
      }
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  makeReady(): void {
    for (const object of this.objects.values()) {
      object.status = READY;
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === PREFIX) {
      send(200, KINDS);
      return;
    }
    const name = pathname.split('/').at(-1)!;
    const isObject = pathname.includes('/postgresqlinstances/');
    if (request.method === 'PATCH' && isObject) {
      let text = '';
      for await (const chunk of request) {
        text += chunk;
      }
      // Server-side apply is sent as YAML, of which JSON is a part.
      const manifest = JSON.parse(text);
      if (searchParams.get('dryRun') !== 'All') {
        await this.onApply(name);
        this.applied.set(name, (this.applied.get(name) ?? 0) + 1);
        const known = this.objects.get(name);
        this.objects.set(name, {
          ...manifest,
          metadata: {
            ...manifest.metadata,
            uid: known?.metadata.uid ?? randomUUID(),
            generation: 1,
          },
          ...(this.readyAtOnce && { status: READY }),
          ...(known?.status && { status: known.status }),
        });
      }
      send(200, this.objects.get(name) ?? manifest);
      return;
    }
    const found = isObject ? this.objects.get(name) : undefined;
    if (found) {
      send(200, found);
      return;
    }
    if (isObject) {
      send(404, { kind: 'Status', reason: 'NotFound', code: 404 });
      return;
    }
    send(200, { kind: 'List', metadata: {}, items: [] });
  }
}
