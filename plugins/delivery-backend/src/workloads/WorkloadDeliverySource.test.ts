import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import type {
  CacheChange,
  KubernetesClient,
  KubernetesObject,
  WatchedCacheOptions,
} from '@waystone/integrations';
import { mockService } from '../__testUtils__/mocks';
import { DeliveryModel } from '../model/DeliveryModel';
import { WorkloadDeliverySource } from './WorkloadDeliverySource';

/** A cluster whose objects a test changes. */
class FakeCluster {
  readonly objects = new Map<string, KubernetesObject[]>();
  readonly watched: string[] = [];
  rollouts = false;
  readonly #listeners: (() => void)[] = [];

  change() {
    this.#listeners.forEach(listener => listener());
  }

  get client(): KubernetesClient {
    return {
      cluster: 'prod',
      listKinds: async () => (this.rollouts ? [{ kind: 'Rollout' }] : []),
      list: async ({ kind }: { kind: string }) => ({
        items: this.objects.get(kind) ?? [],
      }),
      cache: (options: WatchedCacheOptions<{ readonly name: string }>) => {
        const { kind } = options.kind;
        this.watched.push(kind);
        const all = () =>
          (this.objects.get(kind) ?? []).flatMap(
            object => options.transform!(object) ?? [],
          );
        return {
          freshness: { source: 'kubernetes/prod', stale: false },
          whenSynced: async () => {},
          release: async () => {},
          [Symbol.iterator]: () => all()[Symbol.iterator](),
          get: (name: string) => all().find(each => each.name === name),
          subscribe: (listener: (change: CacheChange<unknown>) => void) => {
            this.#listeners.push(() =>
              all().forEach(object =>
                listener({ type: 'modified', name: object.name, object }),
              ),
            );
            return () => {};
          },
          subscribeState: () => () => {},
        };
      },
    } as unknown as KubernetesClient;
  }
}

const workload = (
  name: string,
  labels: Record<string, string>,
  status: object = {
    observedGeneration: 1,
    updatedReplicas: 1,
    availableReplicas: 1,
  },
): KubernetesObject => ({
  metadata: { name, namespace: 'shop-production', generation: 1, labels },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { spec: { containers: [{ image: `r.example/${name}:1.0.0` }] } },
  },
  status,
});

describe('what runs without Argo CD', () => {
  const cluster = new FakeCluster();
  cluster.rollouts = true;
  cluster.objects.set('Deployment', [
    workload('orders', { 'backstage.io/kubernetes-id': 'orders' }),
    workload('cart', { team: 'cart' }),
    workload('pay', { 'backstage.io/kubernetes-id': 'pay', team: 'cart' }),
  ]);
  cluster.objects.set('Rollout', [
    workload(
      'web',
      { 'backstage.io/kubernetes-id': 'orders' },
      {
        observedGeneration: '1',
        phase: 'Paused',
      },
    ),
  ]);
  cluster.objects.set('ReplicaSet', [
    {
      metadata: {
        name: 'orders-rs',
        namespace: 'shop-production',
        uid: 'rs-1',
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
    },
  ]);
  cluster.objects.set('Pod', [
    {
      metadata: {
        name: 'orders-1',
        namespace: 'shop-production',
        uid: 'pod-1',
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: 'orders-rs',
            uid: 'rs-1',
            controller: true,
          },
        ],
      },
    },
  ]);
  const source = WorkloadDeliverySource.create({ client: cluster.client });

  it('is a service in its environment, by its label or a selector, and never another’s', async () => {
    const model = DeliveryModel.create({
      sources: [source],
      places: {
        environments: readEnvironments(
          new ConfigReader({
            waystone: {
              environments: [{ name: 'production', cluster: 'prod' }],
            },
          }),
        ),
        clusterAt: () => undefined,
      },
    });
    model.start();
    await source.start();
    cluster.change();
    const selector = { 'backstage.io/kubernetes-label-selector': 'team=cart' };
    model.setServices([
      mockService('orders'),
      mockService('pay'),
      mockService('cart', selector),
      mockService('elsewhere', {
        ...selector,
        'backstage.io/kubernetes-namespace': 'shop-staging',
      }),
    ]);
    expect(cluster.watched).toEqual([
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Rollout',
    ]);
    const places = (name: string) =>
      model
        .service(`component:default/${name}`)!
        .deployments.map(({ environment, state, version }) => [
          environment,
          state,
          version,
        ]);
    expect(places('orders')).toEqual([
      ['production', 'healthy', '1.0.0'],
      ['production', 'attention', '1.0.0'],
    ]);
    expect(places('cart')).toEqual([['production', 'healthy', '1.0.0']]);
    expect(places('pay')).toEqual([['production', 'healthy', '1.0.0']]);
    expect(places('elsewhere')).toEqual([]);
    model.stop();
  });

  it('lists its pods below their ReplicaSet, and has no drift', async () => {
    const options = { signal: new AbortController().signal };
    const { objects, problems } = await source.inspect(
      'shop-production/Deployment/orders',
      options,
    );
    expect(problems).toEqual([]);
    expect(objects).toMatchObject([
      { kind: 'Deployment', name: 'orders', health: 'healthy' },
      { kind: 'ReplicaSet', createdAt: '2026-01-01T00:00:00.000Z' },
      { kind: 'Pod', name: 'orders-1', parent: 'rs-1' },
    ]);
    expect(await source.drift()).toEqual([]);
    await expect(
      source.inspect('shop-production/Deployment/none', options),
    ).rejects.toThrow("no workload 'shop-production/Deployment/none'");
  });
});
