import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import { FakeCluster } from '../__testUtils__/FakeCluster';
import {
  constraint,
  NAMESPACE,
  policyReport,
  violation,
  vulnerabilityReport,
  weakness,
  workload,
} from '../__testUtils__/objects';
import type { GovernedEntity } from './EntityDirectory';
import { GovernanceModel } from './GovernanceModel';

const environments = readEnvironments(
  new ConfigReader({
    waystone: { environments: [{ name: 'production', cluster: 'prod' }] },
  }),
);

const entity = (name: string, owner = 'shop'): GovernedEntity => ({
  entityRef: `component:default/${name}`,
  kind: 'Component',
  name,
  title: name,
  owner: `group:default/${owner}`,
  kubernetesId: name,
  annotations: {},
  links: 0,
  tags: 0,
  apis: 0,
});

const result = (policy: string, message = policy) => ({
  source: 'kyverno',
  policy,
  rule: 'autogen-validate',
  result: 'fail',
  severity: 'high',
  message,
});

describe('changes of the read model', () => {
  const models: GovernanceModel[] = [];

  const start = async (
    cluster: FakeCluster,
    entities: readonly GovernedEntity[],
  ) => {
    const model = new GovernanceModel({
      clients: [cluster.client],
      environments,
      firstSeen: { get: () => 0 },
      logger: mockServices.logger.mock(),
    });
    models.push(model);
    await model.start();
    model.setEntities(entities);
    return model;
  };

  /** Everything that is told, in an order of its own. */
  const read = ({
    misconfigurations,
    violations,
    vulnerabilities,
  }: GovernanceModel) => ({
    capped: violations.capped,
    found: [
      violations.findings,
      vulnerabilities.findings,
      misconfigurations.findings,
    ].map(findings =>
      findings
        .map(({ placed: { key, subject }, ...finding }) =>
          JSON.stringify({ at: key, subject, ...finding }),
        )
        .sort(),
    ),
  });

  afterEach(async () => {
    await Promise.all(models.splice(0).map(model => model.stop()));
  });

  it('should leave the model as one that is read anew', async () => {
    const cluster = new FakeCluster().set(
      ...workload('orders', { pods: 3 }),
      ...workload('payments', { pods: 1 }),
      constraint('no-latest-tag', {
        auditTimestamp: new Date().toISOString(),
        totalViolations: 30,
        violations: [
          violation('Pod', 'orders-abc-0'),
          violation('Deployment', 'payments'),
        ],
      }),
      policyReport({ kind: 'Deployment', name: 'orders' }, [
        result('probes'),
        result('limits'),
      ]),
      policyReport({ kind: 'Pod', name: 'orders-abc-1' }, [
        result('probes', 'of a pod'),
      ]),
      policyReport({ kind: 'Deployment', name: 'payments' }, [
        result('probes'),
      ]),
      vulnerabilityReport('orders-abc', [weakness('CVE-1')]),
      vulnerabilityReport('payments-abc', [weakness('CVE-1')]),
    );
    let entities = [entity('orders')];
    const model = await start(cluster, entities);
    const steps: readonly [string, () => void][] = [
      ['nothing', () => {}],
      ['a pod more', () => cluster.set(...workload('orders', { pods: 4 }))],
      [
        'a pod less',
        () => cluster.delete('v1', 'Pod', 'orders-abc-2', NAMESPACE),
      ],
      [
        'another owner',
        () => model.setEntities((entities = [entity('orders', 'sales')])),
      ],
      [
        'an entity more',
        () =>
          model.setEntities(
            (entities = [entity('orders', 'sales'), entity('payments')]),
          ),
      ],
      [
        'a rollout',
        () =>
          cluster.set(
            ...workload('orders', { pods: 2, hash: 'def' }),
            ...workload('orders', { pods: 0, replicas: 0 }),
            vulnerabilityReport('orders-def', [weakness('CVE-2')]),
          ),
      ],
      [
        'another label',
        () =>
          cluster.set(
            ...workload('payments', {
              labels: { 'backstage.io/kubernetes-id': 'orders' },
            }),
          ),
      ],
      [
        'another audit',
        () =>
          cluster.set(
            constraint('no-latest-tag', {
              auditTimestamp: new Date().toISOString(),
              totalViolations: 2,
              violations: [violation('Pod', 'orders-def-0', 'still bad')],
            }),
          ),
      ],
      [
        'a report that says less',
        () =>
          cluster.set(
            policyReport({ kind: 'Deployment', name: 'orders' }, [
              result('limits', 'other words'),
            ]),
          ),
      ],
      [
        'a report that is gone',
        () =>
          cluster.delete(
            'wgpolicyk8s.io/v1alpha2',
            'PolicyReport',
            'uid-Deployment-payments',
            NAMESPACE,
          ),
      ],
      [
        'a workload that is gone',
        () => cluster.delete('apps/v1', 'Deployment', 'payments', NAMESPACE),
      ],
      ['no entity', () => model.setEntities((entities = []))],
    ];
    for (const [what, change] of steps) {
      change();
      const anew = await start(cluster, entities);
      expect([what, read(model)]).toEqual([what, read(anew)]);
    }
  });

  it('should leave alone what a change is not about', async () => {
    const cluster = new FakeCluster().set(
      ...workload('orders'),
      ...workload('payments'),
      policyReport({ kind: 'Deployment', name: 'orders' }, [result('probes')]),
      policyReport({ kind: 'Deployment', name: 'payments' }, [
        result('probes'),
      ]),
      vulnerabilityReport('orders-abc', [weakness('CVE-1')]),
    );
    const model = await start(cluster, [entity('orders'), entity('payments')]);
    const of = (name: string) =>
      model.violations.findings.find(
        ({ placed }) => placed.subject.name === name,
      );
    const before = { orders: of('orders'), payments: of('payments') };
    const scanned = model.vulnerabilities.findings;
    cluster.set(
      policyReport({ kind: 'Deployment', name: 'payments' }, [
        result('probes', 'other words'),
      ]),
      ...workload('payments', { pods: 2 }),
    );
    expect(of('orders')).toBe(before.orders);
    expect(of('payments')).toMatchObject({ message: 'other words' });
    expect(of('payments')).not.toBe(before.payments);
    expect(model.vulnerabilities.findings).toBe(scanned);
  });

  it.each([
    [
      'a report of 20,000 results',
      20_000,
      Array.from({ length: 20_000 }, (_, index) => result(`policy-${index}`)),
    ],
    ['a report without results', 0, undefined],
    ['results that are no list', 0, 'none'],
    ['a result that is nothing', 1, [null, 7, {}, result('probes')]],
  ])('should take %s', async (_, count, results) => {
    const cluster = new FakeCluster().set(
      ...workload('orders'),
      policyReport(
        { kind: 'Deployment', name: 'orders' },
        results as readonly unknown[],
      ),
    );
    const model = await start(cluster, [entity('orders')]);
    expect(model.violations.findings).toHaveLength(count);
  });

  it('should keep markup as the text that it is, and not give a report to a workload of the same name elsewhere', async () => {
    const elsewhere = vulnerabilityReport('orders-abc', [
      weakness('CVE-MARKUP', { title: '<img src=x onerror=alert(1)>' }),
    ]) as { metadata: { namespace: string } };
    elsewhere.metadata.namespace = 'sales-production';
    const model = await start(
      new FakeCluster().set(...workload('orders'), elsewhere),
      [entity('orders')],
    );
    const [finding, ...more] = model.vulnerabilities.findings;
    expect(more).toEqual([]);
    expect(finding.title).toBe('<img src=x onerror=alert(1)>');
    expect(finding.placed.subject).toMatchObject({
      namespace: 'sales-production',
      entityRef: undefined,
    });
  });
});
