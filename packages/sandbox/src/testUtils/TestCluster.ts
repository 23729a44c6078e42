import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxContext } from '../core/SandboxContext';
import { createKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import type { RunningKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import { createControllers } from '../kubernetes/controllers/createControllers';
import type {
  ControllersOptions,
  KubernetesControllers,
} from '../kubernetes/controllers/createControllers';
import type {
  KubernetesObject,
  ObjectRef,
} from '../kubernetes/KubernetesCluster';
import { createTestContext } from './createTestContext';

/** A cluster with running controllers, in which time is short. */
export class TestCluster {
  readonly context: SandboxContext;
  /** What was logged. */
  readonly log: string[] = [];
  readonly #options: ControllersOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sandbox-cluster-'));
  #cluster: RunningKubernetesCluster;
  #controllers: KubernetesControllers;

  constructor(options: ControllersOptions & { readonly speed?: number } = {}) {
    this.#options = options;
    this.context = createTestContext({
      speed: options.speed,
      stateFolder: this.#folder,
      log: (system, message) => this.log.push(`${system}: ${message}`),
    });
    this.#cluster = this.#createCluster();
    this.#controllers = this.#startControllers();
  }

  get cluster(): RunningKubernetesCluster {
    return this.#cluster;
  }

  get controllers(): KubernetesControllers {
    return this.#controllers;
  }

  /** Ends everything and starts it again with what is on disk. */
  async restart(): Promise<void> {
    this.#controllers.stop();
    await this.#cluster.close();
    this.#cluster = this.#createCluster();
    this.#controllers = this.#startControllers();
  }

  #createCluster(): RunningKubernetesCluster {
    return createKubernetesCluster({
      name: 'test',
      stateFolder: this.#folder,
    });
  }

  #startControllers(): KubernetesControllers {
    const controllers = createControllers(
      this.context,
      this.#cluster,
      this.#options,
    );
    controllers.start();
    return controllers;
  }

  /** Ends everything; rejects if anything was logged, as only failures are. */
  async stop(): Promise<void> {
    this.controllers.stop();
    await this.cluster.close();
    rmSync(this.#folder, { recursive: true });
    if (this.log.length > 0) {
      throw new Error(`The cluster has logged:\n${this.log.join('\n')}`);
    }
  }

  /** Waits until the cluster is as asked, looking again after each change. */
  async until<T>(look: () => T | undefined | false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = { watch: () => {} };
      const timeout = setTimeout(() => {
        end.watch();
        reject(new Error(`Not reached: ${look}\n${this.log.join('\n')}`));
      }, 20_000);
      const check = () => {
        try {
          const result = look();
          if (result) {
            clearTimeout(timeout);
            end.watch();
            resolve(result);
          }
        } catch (error) {
          clearTimeout(timeout);
          end.watch();
          reject(error);
        }
      };
      end.watch = this.cluster.watch(undefined, check);
      check();
    });
  }

  get(ref: ObjectRef): KubernetesObject {
    const object = this.cluster.get(ref);
    if (!object) {
      throw new Error(`There is no ${ref.kind} ${ref.name}`);
    }
    return object;
  }

  pods(namespace = 'default', labelSelector?: string): KubernetesObject[] {
    return [
      ...this.cluster.list(
        { apiVersion: 'v1', kind: 'Pod' },
        { namespace, labelSelector },
      ),
    ];
  }

  /** Reason and message of the events about objects whose names begin so. */
  events(name: string, namespace = 'default'): string[] {
    return this.cluster
      .list({ apiVersion: 'v1', kind: 'Event' }, { namespace })
      .filter(event => event.involvedObject.name.startsWith(name))
      .map(event => `${event.reason}: ${event.message}`);
  }
}

/** A Deployment as the tests use it. */
export function deployment(
  options: {
    readonly name?: string;
    readonly image?: string;
    readonly replicas?: number;
    readonly container?: object;
    readonly spec?: object;
    readonly pod?: object;
  } = {},
): KubernetesObject {
  const name = options.name ?? 'web';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: { app: name } },
      ...options.spec,
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: options.image ?? 'registry.fernway.example/test/web:1.0.0',
              ...options.container,
            },
          ],
          ...options.pod,
        },
      },
    },
  };
}
