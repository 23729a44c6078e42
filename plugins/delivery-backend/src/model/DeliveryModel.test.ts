import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import {
  mockDeployment,
  MockDeliverySource,
  mockService,
} from '../__testUtils__/mocks';
import { DeliveryModel } from './DeliveryModel';
import type { ModelChange } from './DeliveryModel';

const environments = readEnvironments(
  new ConfigReader({
    waystone: {
      environments: [
        { name: 'development', cluster: 'nonprod' },
        { name: 'staging', cluster: 'nonprod' },
        { name: 'production', cluster: 'prod' },
      ],
    },
  }),
);

function start(...services: ReturnType<typeof mockService>[]) {
  const source = new MockDeliverySource();
  const model = DeliveryModel.create({
    sources: [source],
    places: {
      environments,
      clusterAt: url => (url === 'https://prod.example' ? 'prod' : undefined),
    },
  });
  model.start();
  model.setServices(services);
  return { model, source };
}

const kubernetesId = (id: string) => ({ 'backstage.io/kubernetes-id': id });

describe('DeliveryModel', () => {
  it('joins deployments to services and environments, in their order', () => {
    const { model, source } = start(mockService('orders'));
    source.set(
      mockDeployment({
        name: 'orders-production',
        labels: kubernetesId('orders'),
        cluster: undefined,
        clusterUrl: 'https://prod.example',
        namespace: 'shop-production',
        images: ['r.example/proxy:9', 'r.example:5000/shop/orders:1.0.0'],
      }),
      mockDeployment({
        name: 'orders-development',
        labels: kubernetesId('orders'),
        images: ['r.example:5000/shop/orders:2.0.0'],
      }),
      mockDeployment({
        name: 'orders-staging',
        labels: kubernetesId('orders'),
        namespace: 'shop-staging',
        images: ['r.example:5000/shop/orders:2.0.0'],
        health: 'degraded',
        reason: 'It crashes.',
      }),
      mockDeployment({ name: 'somebody-elses' }),
    );
    expect(model.service('component:default/orders')).toMatchObject({
      state: 'critical',
      owner: 'group:default/shop',
      deployments: [
        { environment: 'development', version: '2.0.0', behind: false },
        {
          environment: 'staging',
          version: '2.0.0',
          behind: false,
          state: 'critical',
          reason: 'It crashes.',
        },
        {
          environment: 'production',
          cluster: 'prod',
          version: '1.0.0',
          behind: true,
        },
      ],
    });
    expect([...model.services()]).toHaveLength(1);
    expect([...model.deployments]).toHaveLength(4);
  });

  it('gives nobody the deployment of another by an annotation', () => {
    const { model, source } = start(
      mockService('orders'),
      mockService('thief', { 'argocd/app-name': 'orders-development' }),
      mockService('other-thief', {
        'argocd/app-selector': 'backstage.io/kubernetes-id=orders',
      }),
    );
    source.set(
      mockDeployment({
        name: 'orders-development',
        labels: kubernetesId('orders'),
      }),
    );
    expect([...model.services()].map(({ title }) => title)).toEqual(['orders']);
    expect(model.service('component:default/thief')?.deployments).toEqual([]);
  });

  it.each([
    [{ 'argocd/app-name': 'a, legacy-app' }, true],
    [{ 'argocd/app-name': 'legacy-app', 'argocd/instance-name': 'main' }, true],
    [{ 'argocd/app-name': 'legacy-app', 'argocd/instance-name': 'eu' }, false],
    [
      { 'argocd/app-name': 'legacy-app', 'argocd/app-namespace': 'argocd' },
      true,
    ],
    [{ 'argocd/app-name': 'legacy-app', 'argocd/app-namespace': 'x' }, false],
    [{ 'argocd/app-selector': 'team=a,app==b' }, true],
    [{ 'argocd/app-selector': 'team=a,app=c' }, false],
    // More than equality is not understood, and must not find everything.
    [{ 'argocd/app-selector': 'team!=x' }, false],
    [{ 'argocd/app-selector': 'team in (a)' }, false],
    [{ 'argocd/app-selector': ',' }, false],
    [{ 'backstage.io/kubernetes-id': 'legacy-app' }, false],
  ])('finds by %j: %s', (annotations, found) => {
    const { model, source } = start(mockService('old', annotations));
    source.set(
      mockDeployment({ name: 'legacy-app', labels: { team: 'a', app: 'b' } }),
    );
    expect([...model.services()]).toHaveLength(found ? 1 : 0);
  });

  it('follows changes, and tells of them', () => {
    const { model, source } = start(mockService('orders'));
    const heard: ModelChange[] = [];
    const end = model.subscribe(change => heard.push(change));
    const deployment = mockDeployment({
      name: 'orders-development',
      labels: kubernetesId('orders'),
    });
    source.set(deployment);
    const read = () => model.service('component:default/orders');
    const before = read();
    expect(before?.deployments[0].state).toBe('healthy');
    // The same, as long as nothing changes.
    expect(read()).toBe(before);

    source.set({ ...deployment, sync: 'out-of-sync', drifted: 2 });
    expect(read()?.deployments[0]).toMatchObject({
      state: 'attention',
      drifted: 2,
    });
    source.setFreshness({
      source: source.name,
      stale: true,
      reason: 'It is down.',
    });
    expect(read()?.deployments).toHaveLength(1);
    expect(model.freshness).toEqual([
      expect.objectContaining({ stale: true, reason: 'It is down.' }),
    ]);
    source.delete(deployment.id);
    expect(read()?.deployments).toEqual([]);
    expect(
      heard.map(change =>
        typeof change === 'string' ? change : change.map(({ id }) => id),
      ),
    ).toEqual([
      ['argocd/main/argocd/orders-development'],
      ['argocd/main/argocd/orders-development'],
      'freshness',
      ['argocd/main/argocd/orders-development'],
    ]);
    end();
    source.set(deployment);
    expect(heard).toHaveLength(4);
  });

  it('joins anew when the catalog changes', () => {
    const { model, source } = start();
    source.set(
      mockDeployment({ name: 'a', labels: kubernetesId('orders') }),
      mockDeployment({
        name: 'b',
        labels: { environment: 'staging' },
        cluster: 'elsewhere',
      }),
    );
    expect([...model.services()]).toEqual([]);
    model.setServices([
      mockService('orders'),
      mockService('b', { 'argocd/app-name': 'b' }),
    ]);
    expect(model.service('component:default/orders')?.deployments).toHaveLength(
      1,
    );
    // Where the place says nothing, the label does.
    expect(model.service('component:default/b')?.deployments).toMatchObject([
      { environment: 'staging' },
    ]);
    model.setServices([]);
    expect(model.service('component:default/orders')).toBeUndefined();
  });
});
