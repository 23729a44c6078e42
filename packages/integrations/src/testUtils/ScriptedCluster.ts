import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../kubernetes/types';
import { ScriptedServer } from './ScriptedServer';
import type { ReceivedRequest, ScriptedAnswer } from './ScriptedServer';

interface Watch {
  readonly response: ServerResponse;
  readonly url: URL;
}

/**
 * Just enough of a Kubernetes API with ConfigMaps to make lists and watches fail in every way.
 */
export class ScriptedCluster {
  readonly server: ScriptedServer;
  readonly watches = new Set<Watch>();
  /** Takes the place of the next answers, as long as it gives one. */
  fault?: (request: ReceivedRequest) => ScriptedAnswer | undefined;
  readonly #objects = new Map<string, KubernetesObject>();
  #version = 100;

  static async start(): Promise<ScriptedCluster> {
    const server = await ScriptedServer.start();
    return new ScriptedCluster(server);
  }

  private constructor(server: ScriptedServer) {
    this.server = server;
    server.script = request => this.fault?.(request) ?? this.#answer(request);
  }

  /** How often objects were listed. */
  get lists(): number {
    return this.#count(url => !url.includes('watch=true'));
  }

  /** How often a watch was opened. */
  get watchesOpened(): number {
    return this.#count(url => url.includes('watch=true'));
  }

  /** Creates or changes an object. With `quietly`, no watch hears of it. */
  set(name: string, value: string, options: { quietly?: boolean } = {}): void {
    this.#version += 1;
    const known = this.#objects.get(name);
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace: 'default',
        uid: known?.metadata.uid ?? `uid-${name}-${this.#version}`,
        resourceVersion: `${this.#version}`,
        managedFields: [{ manager: 'somebody' }],
      },
      data: { value },
    };
    this.#objects.set(name, object);
    if (!options.quietly) {
      this.send({ type: known ? 'MODIFIED' : 'ADDED', object });
    }
  }

  delete(name: string, options: { quietly?: boolean } = {}): void {
    this.#version += 1;
    const object = this.#objects.get(name);
    this.#objects.delete(name);
    if (object && !options.quietly) {
      const metadata = {
        ...object.metadata,
        resourceVersion: `${this.#version}`,
      };
      this.send({ type: 'DELETED', object: { ...object, metadata } });
    }
  }

  bookmark(): void {
    this.send({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: { resourceVersion: `${this.#version}` },
      },
    });
  }

  /** Tells all watches that their version is too old. */
  expire(): void {
    this.send({
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version: 1 (2)',
      },
    });
    this.endWatches();
  }

  /** Sends a line to all watches. */
  send(line: object | string): void {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    this.watches.forEach(({ response }) => response.write(`${text}\n`));
  }

  endWatches(): void {
    this.watches.forEach(({ response }) => response.end());
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  #answer({ url: path }: ReceivedRequest): ScriptedAnswer {
    const url = new URL(path, 'http://localhost');
    if (url.pathname === '/api/v1') {
      return {
        body: {
          kind: 'APIResourceList',
          groupVersion: 'v1',
          resources: [
            {
              name: 'configmaps',
              kind: 'ConfigMap',
              namespaced: true,
              verbs: ['list', 'watch'],
            },
          ],
        },
      };
    }
    if (url.searchParams.get('watch') === 'true') {
      return {
        stream: response => {
          const watch = { response, url };
          this.watches.add(watch);
          response.on('close', () => this.watches.delete(watch));
        },
      };
    }
    return {
      body: {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: `${this.#version}` },
        items: [...this.#objects.values()].map(
          ({ kind: _kind, apiVersion: _apiVersion, ...item }) => item,
        ),
      },
    };
  }

  #count(matches: (url: string) => boolean): number {
    return this.server.requests.filter(
      ({ url }) => url.includes('/configmaps') && matches(url),
    ).length;
  }
}
