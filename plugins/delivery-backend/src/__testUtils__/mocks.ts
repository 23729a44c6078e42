import { NotFoundError } from '@backstage/errors';
import type {
  Commit,
  DriftedObject,
  Freshness,
} from '@waystone/plugin-delivery-common';
import type {
  DeliverySource,
  ObservedDeployment,
} from '@waystone/plugin-delivery-node';
import { readHints } from '../model/hints';
import type { ServiceEntity } from '../model/ServiceEntity';

/** A deployment that is well, but for what a test wants different. */
export function mockDeployment(
  changes: Partial<ObservedDeployment> & { readonly name: string },
): ObservedDeployment {
  return {
    id: `argocd/${changes.name}`,
    labels: {},
    cluster: 'nonprod',
    namespace: 'shop-development',
    sync: 'synced',
    health: 'healthy',
    failed: false,
    images: [],
    drifted: 0,
    past: [],
    ...changes,
  };
}

/** An entity of the catalog, with annotations that say what it runs as. */
export function mockService(
  name: string,
  annotations: Readonly<Record<string, string>> = {
    'backstage.io/kubernetes-id': name,
  },
  changes: Partial<ServiceEntity> = {},
): ServiceEntity {
  return {
    entityRef: `component:default/${name}`,
    name,
    title: name,
    owner: 'group:default/shop',
    system: 'system:default/shop',
    hints: readHints(annotations),
    ...changes,
  };
}

/** A source whose deployments a test changes. */
export class MockDeliverySource implements DeliverySource {
  freshness: Freshness;
  drifted: readonly DriftedObject[] = [];
  commits: Readonly<Record<string, Commit>> = {};
  /** The revisions that were asked for. */
  readonly asked: string[] = [];
  readonly #deployments = new Map<string, ObservedDeployment>();
  readonly #listeners = new Set<(id: string | undefined) => void>();

  constructor(readonly name = 'argocd/main') {
    this.freshness = { source: name, stale: false };
  }

  async whenSynced() {}

  list() {
    return this.#deployments.values();
  }

  get(id: string) {
    return this.#deployments.get(id);
  }

  subscribe(listener: (id: string | undefined) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async drift(id: string) {
    if (!this.#deployments.has(id)) {
      throw new NotFoundError(`No '${id}'`);
    }
    return this.drifted;
  }

  async commit(_: string, revision: string) {
    this.asked.push(revision);
    if (!this.commits[revision]) {
      throw new NotFoundError(`No commit '${revision}'`);
    }
    return this.commits[revision];
  }

  set(...deployments: readonly ObservedDeployment[]) {
    for (const deployment of deployments) {
      this.#deployments.set(deployment.id, deployment);
      this.#listeners.forEach(listener => listener(deployment.id));
    }
  }

  delete(id: string) {
    this.#deployments.delete(id);
    this.#listeners.forEach(listener => listener(id));
  }

  setFreshness(freshness: Freshness) {
    this.freshness = freshness;
    this.#listeners.forEach(listener => listener(undefined));
  }
}
