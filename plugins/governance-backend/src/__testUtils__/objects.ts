/** The namespace of objects that a test makes. */
export const NAMESPACE = 'shop-production';

/** A Deployment, its ReplicaSet and its pods. */
export function workload(
  name: string,
  options: {
    readonly pods?: number;
    readonly replicas?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly hash?: string;
  } = {},
): object[] {
  const {
    hash = 'abc',
    labels = { 'backstage.io/kubernetes-id': name },
    pods = 1,
    replicas = pods,
  } = options;
  const replicaSet = `${name}-${hash}`;
  const controller = (kind: string, owner: string) => ({
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind,
        name: owner,
        uid: owner,
        controller: true,
      },
    ],
  });
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: NAMESPACE, labels },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: replicaSet,
        namespace: NAMESPACE,
        ...controller('Deployment', name),
      },
      spec: { replicas },
    },
    ...Array.from({ length: pods }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${replicaSet}-${index}`,
        namespace: NAMESPACE,
        ...controller('ReplicaSet', replicaSet),
      },
    })),
  ];
}

/** A constraint of Gatekeeper with what its audit says. */
export function constraint(
  name: string,
  status: object,
  spec: object = { enforcementAction: 'deny' },
): object {
  return {
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: 'K8sDisallowedTags',
    metadata: {
      name,
      annotations: {
        'waystone.dev/title': 'No moving tags',
        'waystone.dev/severity': 'medium',
        'waystone.dev/fix': 'Name a version',
        description: 'A tag that moves makes it unknown what runs',
      },
    },
    spec,
    status,
  };
}

/** What Gatekeeper lists. */
export function violation(kind: string, name: string, message = 'bad tag') {
  return {
    enforcementAction: 'deny',
    group: '',
    version: 'v1',
    kind,
    name,
    namespace: NAMESPACE,
    message,
  };
}

/** A report of Kyverno on one object. */
export function policyReport(
  target: { readonly kind: string; readonly name: string },
  results: readonly unknown[],
): object {
  return {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: {
      name: `uid-${target.kind}-${target.name}`,
      namespace: NAMESPACE,
    },
    scope: { ...target, namespace: NAMESPACE },
    results,
  };
}

/** A report of Trivy Operator on the image of a ReplicaSet. */
export function vulnerabilityReport(
  replicaSet: string,
  vulnerabilities: readonly object[],
  updateTimestamp = '2026-01-02T03:04:05Z',
): object {
  return {
    apiVersion: 'aquasecurity.github.io/v1alpha1',
    kind: 'VulnerabilityReport',
    metadata: {
      name: `replicaset-${replicaSet}-main`,
      namespace: NAMESPACE,
      labels: { 'trivy-operator.container.name': 'main' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: replicaSet,
          uid: 'u',
        },
      ],
    },
    report: {
      updateTimestamp,
      registry: { server: 'r.example' },
      artifact: { repository: 'shop/main', tag: '1.0.0' },
      vulnerabilities,
    },
  };
}

/** A weakness as Trivy tells of it. */
export function weakness(
  id: string,
  changes: Readonly<Record<string, unknown>> = {},
) {
  return {
    vulnerabilityID: id,
    severity: 'HIGH',
    resource: 'openssl',
    installedVersion: '3.3.1',
    fixedVersion: '3.3.2',
    title: `${id}: something`,
    primaryLink: `https://avd.example/${id}`,
    score: 7.5,
    publishedDate: '2025-12-01T00:00:00Z',
    ...changes,
  };
}
