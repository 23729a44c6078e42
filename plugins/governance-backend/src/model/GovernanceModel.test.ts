import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import { findingsQuerySchema } from '@waystone/plugin-governance-common';
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
import { describeService } from './describeService';
import { DueDates } from './DueDates';
import type { GovernedEntity } from './EntityDirectory';
import type { FirstSeen } from './Finding';
import { GovernanceModel } from './GovernanceModel';
import { groupFindings, listFindings } from './listFindings';

const environments = readEnvironments(
  new ConfigReader({
    waystone: { environments: [{ name: 'production', cluster: 'prod' }] },
  }),
);

function entity(name: string): GovernedEntity {
  return {
    entityRef: `component:default/${name}`,
    kind: 'Component',
    name,
    title: name,
    owner: 'group:default/shop',
    system: 'system:default/shop',
    kubernetesId: name,
    annotations: {},
    links: 0,
    tags: 0,
    apis: 0,
  };
}

class Clock implements FirstSeen {
  now = Date.now();
  readonly #seen = new Map<string, number>();

  get(...key: string[]): number {
    const known = this.#seen.get(key.join(' ')) ?? this.now;
    this.#seen.set(key.join(' '), known);
    return known;
  }
}

describe('GovernanceModel', () => {
  const models: GovernanceModel[] = [];
  const due = new DueDates({ critical: 7, high: 30 });
  const everything = { due, isVisible: () => true };

  const start = async (cluster: FakeCluster, clock = new Clock()) => {
    const model = new GovernanceModel({
      clients: [cluster.client],
      environments,
      firstSeen: clock,
      logger: mockServices.logger.mock(),
    });
    models.push(model);
    await model.start();
    model.setEntities([entity('orders')]);
    return model;
  };

  afterEach(async () => {
    await Promise.all(models.splice(0).map(model => model.stop()));
  });

  it('knows a policy that a workload breaks once, with all its objects', async () => {
    const model = await start(
      new FakeCluster().set(
        ...workload('orders', { pods: 30 }),
        constraint('no-latest-tag', {
          auditTimestamp: new Date().toISOString(),
          totalViolations: 32,
          violations: [
            violation(
              'Deployment',
              'orders',
              '[Implied by expand-workloads] container <orders> uses :latest',
            ),
            ...Array.from({ length: 19 }, (_, index) =>
              violation('Pod', `orders-abc-${index}`),
            ),
          ],
        }),
      ),
    );
    expect(model.violations.findings).toHaveLength(1);
    expect(model.violations.findings[0]).toMatchObject({
      key: 'no-latest-tag',
      title: 'No moving tags',
      message: 'container <orders> uses :latest',
      severity: 'medium',
      action: 'deny',
      fix: 'Name a version',
      // 30 pods of one template, of which 19 are listed, and the Deployment
      objects: 31,
      source: 'gatekeeper/prod',
      placed: {
        subject: {
          kind: 'Deployment',
          name: 'orders',
          environment: 'production',
          entityRef: 'component:default/orders',
          owner: 'group:default/shop',
        },
      },
    });
    // One more is counted than is known.
    expect(model.violations.capped).toEqual([
      {
        cluster: 'prod',
        policy: 'no-latest-tag',
        title: 'No moving tags',
        total: 32,
        known: 31,
      },
    ]);
  });

  it('does not take an audit that did not happen for a clean one', async () => {
    const cluster = new FakeCluster().set(constraint('new', {}));
    const model = await start(cluster);
    expect(model.violations.policies[0].places).toEqual([
      expect.objectContaining({ cluster: 'prod', total: undefined }),
    ]);
    cluster.set(
      constraint('new', {
        auditTimestamp: new Date(Date.now() - 3_600_000).toISOString(),
        totalViolations: 0,
      }),
    );
    expect(model.policyFreshness).toEqual([
      expect.objectContaining({
        source: 'gatekeeper/prod',
        stale: true,
        reason: 'Gatekeeper has not audited the cluster since',
      }),
    ]);
    // A clock that is ahead, and what is no status at all
    cluster.set(
      constraint('new', {
        auditTimestamp: new Date(Date.now() + 600_000).toISOString(),
        totalViolations: 1,
        violations: [null, 7, { kind: 'Pod' }],
      }),
    );
    const [freshness] = model.policyFreshness;
    expect(freshness.stale).toBe(false);
    expect(Date.parse(freshness.observedAt!)).toBeLessThanOrEqual(Date.now());
    expect(model.violations.findings).toEqual([]);
    expect(model.violations.capped).toHaveLength(1);
  });

  it('reads reports of 20,000 results, and the same in both kinds of report once', async () => {
    const fail = (rule: string, more = {}) => ({
      policy: 'require-probes',
      rule,
      result: 'fail',
      message: '<img src=x onerror=alert(1)>',
      severity: 'high',
      source: 'kyverno',
      ...more,
    });
    const results = [fail('autogen-probes'), { result: 'fail' }, 'nonsense'];
    const cluster = new FakeCluster().set(
      ...workload('orders'),
      policyReport({ kind: 'Deployment', name: 'orders' }, results),
      policyReport({ kind: 'Pod', name: 'orders-abc-0' }, [
        fail('probes'),
        fail('other', { result: 'skip' }),
      ]),
      {
        apiVersion: 'openreports.io/v1alpha1',
        kind: 'Report',
        metadata: { name: 'same', namespace: NAMESPACE },
        scope: { kind: 'Deployment', name: 'orders', namespace: NAMESPACE },
        results,
      },
    );
    const model = await start(cluster);
    expect(model.violations.findings).toEqual([
      expect.objectContaining({
        key: 'require-probes',
        rule: 'probes',
        objects: 2,
        // As it is: the page shows text, not markup.
        message: '<img src=x onerror=alert(1)>',
      }),
    ]);

    cluster.set({
      apiVersion: 'wgpolicyk8s.io/v1alpha2',
      kind: 'ClusterPolicyReport',
      metadata: { name: 'large' },
      results: Array.from({ length: 20_000 }, (_, index) =>
        fail('large', {
          resources: [{ kind: 'Namespace', name: `n${index}` }],
        }),
      ),
    });
    await model.refreshKinds();
    const list = listFindings(
      model.violations.findings,
      findingsQuerySchema.parse({ sort: 'service', cursor: '19990' }),
      everything,
    );
    expect(list.totalItems).toBe(20_001);
    expect(list.items.map(({ placed }) => placed.subject.name)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `n${9990 + index}`),
      'orders',
    ]);
    expect(list.pageInfo).toEqual({});
  });

  it('tells weaknesses of what runs, and what repairs them', async () => {
    const cluster = new FakeCluster().set(
      ...workload('orders', { hash: 'new' }),
      ...workload('orders', { hash: 'old', pods: 0 }),
      vulnerabilityReport('orders-new', [
        weakness('CVE-1'),
        weakness('CVE-2', { severity: 'CRITICAL', fixedVersion: '1.0, 3.4.0' }),
        weakness('CVE-3', {
          fixedVersion: '',
          primaryLink: 'data:text/html,x',
        }),
        { severity: 'HIGH' },
      ]),
      vulnerabilityReport('orders-old', [weakness('CVE-4')]),
    );
    const model = await start(cluster);
    const { findings } = model.vulnerabilities;
    expect(findings.map(({ key }) => key)).toEqual(['CVE-1', 'CVE-2', 'CVE-3']);
    expect(findings[2]).toMatchObject({ fixable: false, url: undefined });

    const service = describeService(entity('orders'), model, due);
    expect(service).toMatchObject({
      state: 'critical',
      reason: '1 critical to repair',
      upgrades: [
        {
          package: 'openssl',
          installed: '3.3.1',
          to: '3.4.0',
          repairs: 2,
          worst: 'critical',
        },
      ],
    });
    expect(describeService(entity('nothing'), model, due)).toMatchObject({
      state: 'unknown',
      observed: false,
    });

    cluster.set(vulnerabilityReport('orders-new', []));
    expect(describeService(entity('orders'), model, due)).toMatchObject({
      state: 'healthy',
      reason: 'Nothing is found',
    });
  });

  it('filters, groups and finds what is past due', async () => {
    const clock = new Clock();
    clock.now = Date.now() - 8 * 86_400_000;
    const model = await start(
      new FakeCluster().set(
        ...workload('orders'),
        ...workload('lonely', { labels: { owner: 'other-team' } }),
        ...workload('strange', { labels: { owner: '<b>team</b>' } }),
        vulnerabilityReport('orders-abc', [
          weakness('CVE-1', { severity: 'CRITICAL' }),
          weakness('CVE-2'),
        ]),
        vulnerabilityReport('lonely-abc', [weakness('CVE-2')]),
        vulnerabilityReport('strange-abc', [weakness('CVE-2')]),
      ),
      clock,
    );
    const keysOf = (query: object) =>
      listFindings(
        model.vulnerabilities.findings,
        findingsQuerySchema.parse(query),
        everything,
      ).items.map(({ key, placed }) => `${key} ${placed.subject.name}`);
    expect(keysOf({ overdue: 'true' })).toEqual(['CVE-1 orders']);
    expect(keysOf({ owner: 'group:default/other-team' })).toEqual([
      'CVE-2 lonely',
    ]);
    expect(keysOf({ q: 'STRANGE' })).toEqual(['CVE-2 strange']);
    expect(keysOf({ severity: 'critical,high', entity: 'x' })).toEqual([]);

    const { items } = groupFindings(
      model.vulnerabilities.findings,
      { by: 'key', limit: 10 },
      everything,
    );
    expect(items).toEqual([
      expect.objectContaining({ value: 'CVE-1', count: 1, overdue: 1 }),
      expect.objectContaining({ value: 'CVE-2', count: 3, services: 1 }),
    ]);
    // Of what belongs to no entity, who may not see all is not even told the number.
    const own = listFindings(
      model.vulnerabilities.findings,
      findingsQuerySchema.parse({}),
      { due, isVisible: ref => ref === 'component:default/orders' },
    );
    expect(own.totalItems).toBe(2);
    expect(own.facets.owners).toEqual([
      { value: 'group:default/shop', count: 2 },
    ]);
  });

  it('keeps what it knows of a cluster that does not answer, and finds kinds that come later', async () => {
    const cluster = new FakeCluster().set(
      ...workload('orders'),
      vulnerabilityReport('orders-abc', [weakness('CVE-1')]),
    );
    const model = await start(cluster);
    cluster.setDown('prod does not answer');
    await model.refreshKinds();
    expect(model.vulnerabilities.findings).toHaveLength(1);
    expect(model.isCurrent).toBe(false);
    expect(model.scanFreshness).toEqual([
      expect.objectContaining({
        source: 'trivy/prod',
        stale: true,
        reason: 'prod does not answer',
      }),
    ]);
    cluster.setDown(undefined);
    cluster.set(
      constraint('later', {
        totalViolations: 1,
        violations: [violation('Deployment', 'orders')],
      }),
    );
    await model.refreshKinds();
    expect(model.violations.findings).toHaveLength(1);
    expect(model.isCurrent).toBe(true);
  });
});
