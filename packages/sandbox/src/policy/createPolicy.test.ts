import { deployment, TestCluster } from '../testUtils/TestCluster';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { StatusError } from '../kubernetes/StatusError';
import type { Policy } from './createPolicy';
import { createPolicy } from './createPolicy';
import { installBaseline } from './installBaseline';

const NAMESPACE = 'ordering-production';
const CONSTRAINTS = 'constraints.gatekeeper.sh/v1beta1';

// Other tests run beside these.
jest.setTimeout(60_000);

describe('policies', () => {
  let test: TestCluster;
  let policy: Policy;

  const constraint = (kind: string, name: string) =>
    test.get({ apiVersion: CONSTRAINTS, kind, name });

  beforeEach(async () => {
    test = new TestCluster({ speed: 100 });
    test.cluster.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    });
    policy = createPolicy(test.context, {
      clusters: [test.cluster],
      auditIntervalSeconds: 86_400,
    });
    policy.start();
    await installBaseline(test.cluster);
    // The constraints are known once their status says so.
    await test.until(
      () => constraint('K8sAllowedRepos', 'allowed-registries').status?.byPod,
    );
  });

  afterEach(async () => {
    policy.stop();
    await test.stop();
  });

  const good = (name = 'order-service', replicas = 1): KubernetesObject => {
    const object = deployment({
      name,
      replicas,
      image: `registry.fernway.example/ordering/${name}:2.8.0`,
      pod: { securityContext: { runAsNonRoot: true, runAsUser: 10001 } },
      container: {
        resources: {
          requests: { cpu: '100m', memory: '192Mi' },
          limits: { cpu: '500m', memory: '384Mi' },
        },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
        livenessProbe: { httpGet: { path: '/live', port: 8080 } },
        securityContext: { allowPrivilegeEscalation: false },
      },
    });
    const labels = {
      app: name,
      owner: 'orders',
      'app.kubernetes.io/name': name,
    };
    return {
      ...object,
      metadata: { name, namespace: NAMESPACE, labels },
      spec: {
        ...object.spec,
        template: { ...object.spec.template, metadata: { labels } },
      },
    };
  };
  const withImage = (object: KubernetesObject, image: string) => {
    const copy = structuredClone(object);
    copy.spec.template.spec.containers[0].image = image;
    return copy;
  };
  const refusal = (action: () => unknown): StatusError => {
    try {
      action();
    } catch (error) {
      return error as StatusError;
    }
    throw new Error('It was not refused');
  };
  const reports = (kind: string, apiVersion: string) =>
    test.cluster.list({ apiVersion, kind }, { namespace: NAMESPACE });

  it('makes the kinds of constraints from templates, and says what it cannot check', async () => {
    expect(
      test.get({
        apiVersion: 'templates.gatekeeper.sh/v1',
        kind: 'ConstraintTemplate',
        name: 'k8srequiredlabels',
      }).status,
    ).toMatchObject({
      created: true,
      byPod: [{ operations: expect.arrayContaining(['audit']) }, {}],
    });
    const template = {
      apiVersion: 'templates.gatekeeper.sh/v1',
      kind: 'ConstraintTemplate',
      metadata: { name: 'k8sourown' },
      spec: {
        crd: { spec: { names: { kind: 'K8sOurOwn' } } },
        targets: [{ target: 'admission.k8s.gatekeeper.sh', rego: 'package x' }],
      },
    };
    test.cluster.create(template);
    const status = await test.until(
      () => test.get({ ...template, name: 'k8sourown' }).status?.byPod,
    );
    expect(status[0].errors[0].code).toBe('not_interpreted');
    await test.until(() =>
      test.cluster.serves({ apiVersion: CONSTRAINTS, kind: 'K8sOurOwn' }),
    );
    test.cluster.delete({ ...template, name: 'k8sourown' });
    await test.until(
      () =>
        !test.cluster.serves({ apiVersion: CONSTRAINTS, kind: 'K8sOurOwn' }),
    );
  });

  it('says who pays for infrastructure, and how large it may be', async () => {
    const kind = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'redisinstances.platform.waystone.dev' },
      spec: {
        group: 'platform.waystone.dev',
        scope: 'Namespaced',
        names: { kind: 'RedisInstance', plural: 'redisinstances' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        ],
      },
    };
    test.cluster.create(kind);
    test.cluster.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'ordering-development' },
    });
    const redis = (namespace: string, labels: object, spec: object) => ({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'RedisInstance',
      metadata: { name: 'cache', namespace, labels },
      spec,
    });
    const paid = { 'cost-center': 'cc-orders' };
    await test.until(() =>
      test.cluster.serves(redis('ordering-development', {}, {})),
    );

    expect(
      refusal(() =>
        test.cluster.create(
          redis('ordering-development', {}, { size: 'large' }) as any,
        ),
      ).message,
    ).toMatch(
      /\[require-cost-center\] you must provide labels: \{"cost-center"\}/,
    );
    expect(
      refusal(() =>
        test.cluster.create(
          redis('ordering-development', paid, { size: 'large' }) as any,
        ),
      ).message,
    ).toContain(
      '[no-large-sizes-before-production] spec.size: <large> is not allowed here, allowed are {"medium", "small"}',
    );
    for (const [namespace, spec] of [
      ['ordering-development', {}],
      [NAMESPACE, { size: 'large' }],
    ] as const) {
      expect(
        test.cluster.create(redis(namespace, paid, spec) as any).spec,
      ).toEqual(spec);
    }
  });

  it('denies what breaks a constraint, in the words of Gatekeeper', async () => {
    const error = refusal(() =>
      test.cluster.create(
        withImage(good(), 'docker.io/acme/order-service:latest'),
      ),
    );
    expect(error).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: [
        'admission webhook "validation.gatekeeper.sh" denied the request: [allowed-registries] [Implied by expand-workloads] container <order-service> has an invalid image repo <docker.io/acme/order-service:latest>, allowed repos are ["registry.fernway.example/"]',
        '[no-latest-tag] [Implied by expand-workloads] container <order-service> uses a disallowed tag <docker.io/acme/order-service:latest>; disallowed tags are ["latest"]',
      ].join('\n'),
    });
    const unowned = good();
    expect(
      refusal(() =>
        test.cluster.create({
          ...unowned,
          metadata: {
            ...unowned.metadata,
            labels: { owner: 'Orders.Team' },
          },
        }),
      ).message,
    ).toContain(
      '[require-owner] Label <owner: Orders.Team> does not satisfy allowed regex: ^[a-z0-9-]+$',
    );
    expect(
      refusal(() =>
        test.cluster.create({
          ...unowned,
          metadata: { ...unowned.metadata, labels: {} },
        }),
      ).message,
    ).toContain('[require-owner] you must provide labels: {"owner"}');

    // Elsewhere the organisation's rules do not hold, but those about nodes do.
    test.cluster.create({ ...deployment({ image: 'nginx:latest' }) });
    expect(
      refusal(() =>
        test.cluster.create({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'root', namespace: 'default' },
          spec: {
            hostPID: true,
            volumes: [{ name: 'all', hostPath: { path: '/' } }],
            containers: [
              {
                name: 'root',
                image: 'busybox:1.37',
                securityContext: { privileged: true },
              },
            ],
          },
        }),
      ).message.split('\n'),
    ).toEqual([
      expect.stringContaining(
        '[no-host-namespaces] Sharing the host namespace is not allowed: root',
      ),
      expect.stringContaining('[no-host-path] HostPath volume {'),
      '[no-privileged-containers] Privileged container is not allowed: root, securityContext: {"privileged": true}',
    ]);
  });

  it('denies the pods of a workload that was let in', async () => {
    test.cluster.delete({
      apiVersion: 'expansion.gatekeeper.sh/v1beta1',
      kind: 'ExpansionTemplate',
      name: 'expand-workloads',
    });
    await new Promise(setImmediate);
    test.cluster.create(withImage(good(), 'quay.io/acme/order-service:1.0.0'));
    const event = await test.until(() =>
      test
        .events('order-service', NAMESPACE)
        .find(text => text.startsWith('FailedCreate')),
    );
    expect(event).toContain(
      'Error creating: admission webhook "validation.gatekeeper.sh" denied the request: [allowed-registries] container <order-service>',
    );
  });

  it('wants TLS, a network policy and a disruption budget', async () => {
    const ingress = (spec: object) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'shop', namespace: NAMESPACE },
      spec: {
        rules: [{ host: 'shop.example' }, { host: 'old.example' }],
        ...spec,
      },
    });
    test.cluster.create(good());
    test.cluster.create(good('two', 2));
    test.cluster.create(
      ingress({ tls: [{ hosts: ['shop.example'], secretName: 'tls' }] }) as any,
    );
    policy.auditNow();
    const messagesOf = (kind: string, name: string) =>
      (constraint(kind, name).status.violations ?? []).map(
        ({ message }: { message: string }) => message,
      );
    expect(messagesOf('WaystoneIngressTls', 'ingress-tls')).toEqual([
      'Ingress <shop> serves <old.example> without TLS: it is not in spec.tls',
    ]);
    const selection = 'WaystoneRequiredSelection';
    expect(messagesOf(selection, 'require-disruption-budget')).toEqual([
      'no <PodDisruptionBudget> selects the pods of <two>',
    ]);
    expect(messagesOf(selection, 'require-network-policy')).toHaveLength(2);

    test.cluster.create({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'two', namespace: NAMESPACE },
      spec: { podSelector: { matchLabels: { app: 'two' } } },
    });
    policy.auditNow();
    expect(messagesOf(selection, 'require-network-policy')).toEqual([
      'no <NetworkPolicy> selects the pods of <order-service>',
    ]);
  });

  it('audits what is there, lists no more than 20 and counts all', async () => {
    const { labels } = good('legacy-mailer').metadata;
    const legacy = withImage(
      good('legacy-mailer', 22),
      'registry.fernway.example/ordering/legacy-mailer:latest',
    );
    test.cluster.create({
      ...legacy,
      metadata: { ...legacy.metadata, labels: { ...labels } },
    });
    await test.until(() => test.pods(NAMESPACE).length === 22);
    const before = constraint(
      'K8sDisallowedTags',
      'no-latest-tag-exempt',
    ).status;
    expect(before.totalViolations).toBeUndefined();
    policy.auditNow();

    const { status } = constraint('K8sDisallowedTags', 'no-latest-tag-exempt');
    expect(status.totalViolations).toBe(23);
    expect(status.violations).toHaveLength(20);
    expect(status.auditTimestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(status.violations[0]).toEqual({
      enforcementAction: 'dryrun',
      group: '',
      kind: 'Pod',
      message:
        'container <legacy-mailer> uses a disallowed tag <registry.fernway.example/ordering/legacy-mailer:latest>; disallowed tags are ["latest"]',
      name: expect.stringMatching(/^legacy-mailer-/),
      namespace: NAMESPACE,
      version: 'v1',
    });
    const clean = constraint('K8sAllowedRepos', 'allowed-registries').status;
    expect(clean.totalViolations).toBe(0);
    expect(clean).not.toHaveProperty('violations');

    test.cluster.delete({
      ...legacy,
      namespace: NAMESPACE,
      name: 'legacy-mailer',
    });
    await test.until(() => test.pods(NAMESPACE).length === 0);
    policy.auditNow();
    const after = constraint(
      'K8sDisallowedTags',
      'no-latest-tag-exempt',
    ).status;
    expect(after.totalViolations).toBe(0);
    expect(after).not.toHaveProperty('violations');
  });

  it('reports on each pod and workload as Kyverno does', async () => {
    const bad = good();
    delete bad.spec.template.spec.containers[0].livenessProbe;
    delete bad.spec.template.spec.containers[0].readinessProbe;
    const created = test.cluster.create(bad);
    const report = await test.until(() =>
      reports('PolicyReport', 'wgpolicyk8s.io/v1alpha2').find(
        ({ scope }) => scope.kind === 'Deployment',
      ),
    );
    expect(report.metadata).toMatchObject({
      name: created.metadata.uid,
      labels: { 'app.kubernetes.io/managed-by': 'kyverno' },
      ownerReferences: [{ kind: 'Deployment', uid: created.metadata.uid }],
    });
    expect(report.summary).toEqual({
      error: 0,
      fail: 1,
      pass: 9,
      skip: 0,
      warn: 0,
    });
    expect(
      report.results.find(
        ({ result }: { result: string }) => result === 'fail',
      ),
    ).toMatchObject({
      policy: 'require-pod-probes',
      rule: 'autogen-validate-probes',
      source: 'kyverno',
      severity: 'medium',
      scored: true,
      message:
        'validation error: Liveness, readiness, or startup probes are required for all containers. rule autogen-validate-probes failed at path /spec/template/spec/containers/0/',
    });
    await test.until(() =>
      reports('PolicyReport', 'wgpolicyk8s.io/v1alpha2').some(
        ({ scope }) => scope.kind === 'Pod',
      ),
    );
    test.cluster.delete({
      ...created,
      namespace: NAMESPACE,
      name: 'order-service',
    });
    await test.until(
      () => reports('PolicyReport', 'wgpolicyk8s.io/v1alpha2').length === 0,
    );
  });

  it('reports vulnerabilities and configuration as Trivy Operator does', async () => {
    test.cluster.create(good());
    const list = () =>
      reports('VulnerabilityReport', 'aquasecurity.github.io/v1alpha1');
    await test.until(() => list().length > 0);
    const [replicaSet] = test.cluster.list(
      { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
      { namespace: NAMESPACE },
    );
    const [report] = list();
    expect(report.metadata).toMatchObject({
      name: `replicaset-${replicaSet.metadata.name}-order-service`,
      labels: {
        'trivy-operator.container.name': 'order-service',
        'trivy-operator.resource.kind': 'ReplicaSet',
        'trivy-operator.resource.name': replicaSet.metadata.name,
        'trivy-operator.resource.namespace': NAMESPACE,
      },
      ownerReferences: [{ kind: 'ReplicaSet', uid: replicaSet.metadata.uid }],
    });
    expect(report.report).toMatchObject({
      artifact: { repository: 'ordering/order-service', tag: '2.8.0' },
      registry: { server: 'registry.fernway.example' },
      scanner: { name: 'Trivy', vendor: 'Aqua Security' },
    });
    const before = report.report.summary.criticalCount;

    policy.addVulnerability({
      id: 'CVE-2026-99999',
      image: 'ordering/order-service',
      package: 'openssl',
      installed: '3.3.1',
      fixed: '',
      severity: 'CRITICAL',
      title: 'openssl: everything is broken',
    });
    const changed = list()[0].report;
    expect(changed.summary.criticalCount).toBe(before + 1);
    expect(
      changed.vulnerabilities.find(
        ({ vulnerabilityID }: { vulnerabilityID: string }) =>
          vulnerabilityID === 'CVE-2026-99999',
      ),
    ).toMatchObject({
      severity: 'CRITICAL',
      resource: 'openssl',
      installedVersion: '3.3.1',
      fixedVersion: '',
      primaryLink: 'https://avd.aquasec.com/nvd/cve-2026-99999',
    });

    // It is known still after a restart.
    policy.stop();
    policy = createPolicy(test.context, { clusters: [test.cluster] });
    policy.start();
    policy.removeVulnerability('CVE-2026-00000');
    expect(list()[0].report.summary.criticalCount).toBe(before + 1);
    policy.removeVulnerability('CVE-2026-99999');
    expect(list()[0].report.summary.criticalCount).toBe(before);

    const [audit] = reports(
      'ConfigAuditReport',
      'aquasecurity.github.io/v1alpha1',
    );
    const checks = audit.report.checks as {
      checkID: string;
      success: boolean;
      messages?: string[];
    }[];
    expect(checks.find(({ checkID }) => checkID === 'KSV001')?.success).toBe(
      true,
    );
    expect(checks.find(({ checkID }) => checkID === 'KSV014')).toMatchObject({
      success: false,
      messages: [
        `Container 'order-service' of ReplicaSet '${replicaSet.metadata.name}' should set 'securityContext.readOnlyRootFilesystem' to true`,
      ],
    });
    expect(audit.report.summary.highCount).toBe(1);
  });
});
