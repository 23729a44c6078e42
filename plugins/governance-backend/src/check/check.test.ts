import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import { UpstreamError } from '@waystone/integrations';
import type {
  KubernetesClient,
  KubernetesFailure,
  KubernetesManifest,
  WriteOptions,
} from '@waystone/integrations';
import { findField } from './findField';
import { ManifestChecker } from './ManifestChecker';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'orders',
    namespace: 'shop-production',
    resourceVersion: '7',
    uid: 'u',
  },
  spec: {
    template: {
      spec: {
        initContainers: [{ name: 'migrate', image: 'a' }],
        containers: [
          { name: 'proxy', image: 'b' },
          { name: 'orders', image: 'c:latest' },
        ],
      },
    },
  },
  status: { replicas: 1 },
};

class ScriptedCluster {
  readonly applied: {
    readonly manifest: KubernetesManifest;
    readonly options?: WriteOptions;
  }[] = [];
  failure?: UpstreamError;
  warnings: readonly string[] = [];

  refuse(
    code: UpstreamError['code'],
    details?: KubernetesFailure,
    reason = 'it said no',
  ) {
    this.failure = new UpstreamError({
      system: 'kubernetes',
      instance: 'prod',
      operation: 'apply',
      code,
      reason,
      details,
    });
  }

  get client(): KubernetesClient {
    const client: Pick<KubernetesClient, 'cluster' | 'resolveKind' | 'apply'> =
      {
        cluster: 'prod',
        resolveKind: async kind => ({
          ...kind,
          group: '',
          version: 'v1',
          resource: kind.kind.toLowerCase(),
          namespaced: kind.kind !== 'Namespace',
          verbs: ['get', 'patch'],
          subresources: [],
        }),
        apply: async (manifest, options) => {
          this.applied.push({ manifest, options });
          if (this.failure) {
            throw this.failure;
          }
          return {
            object: { metadata: { name: 'orders' }, data: { password: 'x' } },
            warnings: this.warnings,
          };
        },
      };
    return client as KubernetesClient;
  }
}

describe('check of manifests', () => {
  const create = () => {
    const cluster = new ScriptedCluster();
    const checker = new ManifestChecker({
      environments: readEnvironments(
        new ConfigReader({
          waystone: {
            environments: [
              { name: 'staging', cluster: 'prod' },
              { name: 'production', cluster: 'prod' },
            ],
          },
        }),
      ),
      kubernetes: { cluster: () => cluster.client },
      fixOf: policy =>
        policy === 'no-latest-tag' ? 'Name a version' : undefined,
    });
    const check = (manifests: string | object[], environment = 'production') =>
      checker.check({
        environment,
        manifests: manifests as string,
      });
    return { check, cluster };
  };

  it('asks by a dry run, without what only the cluster sets, and tells no object', async () => {
    const { check, cluster } = create();
    cluster.warnings = [
      '[no-latest-tag] [Implied by expand-workloads] container <orders> uses a disallowed tag <c:latest>',
      'unknown field "spec.x"',
    ];
    const response = await check([deployment]);
    expect(response).toMatchObject({
      cluster: 'prod',
      outcome: 'accepted',
      objects: [
        {
          kind: 'Deployment',
          name: 'orders',
          outcome: 'accepted',
          verdicts: [
            {
              severity: 'warning',
              source: 'policy',
              policy: 'no-latest-tag',
              field: 'spec.template.spec.containers[1].image',
              fix: 'Name a version',
            },
            { severity: 'warning', source: 'schema', field: 'spec.x' },
          ],
        },
      ],
    });
    expect(JSON.stringify(response)).not.toContain('password');
    const [{ manifest, options }] = cluster.applied;
    expect(options).toMatchObject({ dryRun: true });
    expect(manifest.metadata).toEqual({
      name: 'orders',
      namespace: 'shop-production',
    });
    expect(manifest).not.toHaveProperty('status');
  });

  it('says what forbids it, at which field, and what to do', async () => {
    const { check, cluster } = create();
    cluster.refuse('denied', {
      type: 'policy-denied',
      denials: [
        {
          engine: 'gatekeeper',
          policy: 'no-latest-tag',
          message: 'container <migrate> uses a disallowed tag <a>',
        },
        { engine: 'quota', policy: 'compute', message: 'requested: pods=1' },
      ],
    });
    expect(await check([deployment])).toMatchObject({
      outcome: 'refused',
      objects: [
        {
          outcome: 'refused',
          verdicts: [
            {
              severity: 'error',
              source: 'policy',
              policy: 'no-latest-tag',
              field: 'spec.template.spec.initContainers[0].image',
              fix: 'Name a version',
            },
            { source: 'quota', policy: 'compute' },
          ],
        },
      ],
    });
    cluster.refuse('invalid', {
      type: 'invalid',
      fields: [
        { field: 'spec.replicas', message: 'spec.replicas: must be a number' },
      ],
    });
    expect((await check([deployment])).objects[0].verdicts).toEqual([
      {
        severity: 'error',
        source: 'schema',
        field: 'spec.replicas',
        message: 'must be a number',
      },
    ]);
  });

  it('does not take silence for a refusal', async () => {
    const { check, cluster } = create();
    cluster.refuse('unavailable');
    expect(await check([deployment])).toMatchObject({
      outcome: 'unknown',
      objects: [{ outcome: 'unknown', verdicts: [{ source: 'cluster' }] }],
    });
    cluster.refuse('denied', { type: 'other', reason: 'Forbidden' });
    expect(await check([deployment])).toMatchObject({
      outcome: 'unknown',
      objects: [{ verdicts: [{ source: 'access' }] }],
    });
  });

  it('asks nothing about other environments, the whole cluster, or rights', async () => {
    const { check, cluster } = create();
    const { objects } = await check(
      [
        deployment,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } },
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'x', namespace: 'shop-staging' },
        },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'x', namespace: 'shop-staging' },
        },
      ],
      'staging',
    );
    expect(objects.map(({ outcome }) => outcome)).toEqual(
      Array(4).fill('refused'),
    );
    expect(cluster.applied).toEqual([]);
  });

  it('reads documents and lists', async () => {
    const { check } = create();
    const { objects } = await check(
      `kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: shop-production } }
---
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: shop-production } }
`,
    );
    expect(objects.map(({ index, name }) => [index, name])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
  });

  it('finds the field in the words of a policy', () => {
    for (const [message, field] of [
      [
        'rule x failed at path /spec/template/spec/containers/0/image/',
        'spec.template.spec.containers[0].image',
      ],
      ['you must provide labels: {"owner"}', 'metadata.labels.owner'],
      ['Label <owner: A.B> does not satisfy', 'metadata.labels.owner'],
      [
        'container <orders> has no memory limit',
        'spec.template.spec.containers[1].resources.limits',
      ],
      [
        'Container <proxy> in your <Pod> <orders> has no <readinessProbe>',
        'spec.template.spec.containers[0].readinessProbe',
      ],
      [
        'Privilege escalation container is not allowed: orders',
        'spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation',
      ],
      ['spec.size: <large> is not allowed here', 'spec.size'],
      ['something else', undefined],
    ] as const) {
      expect(findField(message, deployment)).toBe(field);
    }
  });
});
