import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createSandboxContext } from '../../core/createSandboxContext';
import { createFaultTable } from '../../core/FaultTable';
import type { FaultTable } from '../../core/FaultTable';
import { createKubernetes } from '../createKubernetes';
import type { Kubernetes } from '../createKubernetes';
import type { RunningKubernetesCluster } from '../createKubernetesCluster';

/** What a request to the test server is made of. */
export interface TestRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Record<string, string>;
  /** The admin's, if not given; null sends none. */
  readonly token?: string | null;
}

/** An answer of the test server. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. */
  readonly body: any;
}

/** A watch under way. */
export class TestWatch {
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(response: Response) {
    this.status = response.status;
    this.#reader = response.body!.getReader();
  }

  /** The next event; undefined once the watch has ended. */
  async next(): Promise<any> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return JSON.parse(line);
      }
      const { done, value } = await this.#reader.read();
      if (done) {
        return undefined;
      }
      this.#rest += this.#decoder.decode(value, { stream: true });
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** A cluster `test` over real HTTP, with a state folder of its own. */
export class KubernetesTestServer {
  readonly kubernetes: Kubernetes;
  readonly cluster: RunningKubernetesCluster;
  readonly faults: FaultTable;
  readonly url: string;
  readonly stateFolder: string;
  readonly portalToken = 'token-of-the-portal';
  readonly #server: Server;

  private constructor(options: {
    kubernetes: Kubernetes;
    faults: FaultTable;
    server: Server;
    stateFolder: string;
  }) {
    this.kubernetes = options.kubernetes;
    this.cluster = options.kubernetes.clusters.get('test')!;
    this.faults = options.faults;
    this.stateFolder = options.stateFolder;
    this.#server = options.server;
    const { port } = options.server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}/kubernetes/test`;
  }

  static async start(
    options: {
      stateFolder?: string;
      kubectlPort?: number;
    } = {},
  ): Promise<KubernetesTestServer> {
    const stateFolder =
      options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'kubernetes-')));
    const faults = createFaultTable();
    const kubernetes = await createKubernetes(
      createSandboxContext({
        url: 'http://localhost',
        stateFolder,
        token: 'token-of-the-portal',
        faults,
        speed: 1,
        log: () => {},
      }),
      { clusters: ['test'], kubectlPort: options.kubectlPort },
    );
    await kubernetes.start();
    const app = express();
    app.use(kubernetes.path, kubernetes.handler);
    const server = await new Promise<Server>(resolve => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    return new KubernetesTestServer({
      kubernetes,
      faults,
      server,
      stateFolder,
    });
  }

  /** Ends the server; the state stays. */
  async stop(): Promise<void> {
    await this.kubernetes.stop();
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  /** Ends the server and removes its state. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.stateFolder, { recursive: true, force: true });
  }

  /** Sends a request, such as `/api/v1/namespaces`. */
  async send(path: string, request: TestRequest = {}): Promise<TestAnswer> {
    const response = await this.open(path, request);
    const text = await response.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      // Not every answer is JSON; those tests look at the text.
    }
    const { headers, status } = response;
    return { status, headers, text, body };
  }

  /** Sends a request and hands out the answer while it comes. */
  async open(path: string, request: TestRequest = {}): Promise<Response> {
    const { body, token = this.kubernetes.adminToken } = request;
    return fetch(this.url + path, {
      method: request.method ?? 'GET',
      body: typeof body === 'string' ? body : body && JSON.stringify(body),
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && {
          'Content-Type': request.contentType ?? 'application/json',
        }),
        ...(request.accept && { Accept: request.accept }),
        ...request.headers,
      },
    } as RequestInit);
  }

  /** Watches, and hands out the events one after another. */
  async watch(path: string, request?: TestRequest): Promise<TestWatch> {
    const response = await this.open(path, request);
    return new TestWatch(response);
  }
}

/** A Deployment that only says what it must. */
export function createDeployment(name: string, spec: object = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] },
          ],
        },
      },
      ...spec,
    },
  };
}
