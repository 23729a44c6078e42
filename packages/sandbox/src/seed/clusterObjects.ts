import { PORTAL_ACCOUNT } from '../kubernetes/access/Authenticator';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { ENVIRONMENTS, namespaceOf } from './environments';
import type { SeedService } from './readServices';

/**
 * What a cluster has before any service: namespaces with quotas, and what each team may do.
 *
 * @param cluster - the cluster's name
 */
export function createClusterObjects(
  cluster: string,
  services: readonly SeedService[],
): KubernetesObject[] {
  const systems = [...new Set(services.map(service => service.system))];
  const namespaces = systems.flatMap(system =>
    ENVIRONMENTS.filter(environment => environment.cluster === cluster).map(
      environment => ({ system, environment: environment.name }),
    ),
  );
  return namespaces.flatMap(({ system, environment }) => {
    const owners = [
      ...new Set(
        services
          .filter(service => service.system === system)
          .map(service => service.owner),
      ),
    ];
    return namespaceObjects({ system, environment, owners });
  });
}

function namespaceObjects(options: {
  system: string;
  environment: string;
  owners: readonly string[];
}): KubernetesObject[] {
  const { system, environment, owners } = options;
  const namespace = namespaceOf(system, environment);
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: {
          system,
          environment,
          owner: owners[0],
          'cost-center': `cc-${owners[0]}`,
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'compute', namespace },
      spec: {
        hard: {
          pods: '60',
          'requests.cpu': '20',
          'requests.memory': '40Gi',
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'defaults', namespace },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '500m', memory: '512Mi' },
            defaultRequest: { cpu: '50m', memory: '128Mi' },
          },
        ],
      },
    },
    // The portal hands out connections of what is requested here; elsewhere it reads no secret.
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'waystone-connections', namespace },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'waystone-connections',
      },
      subjects: [
        {
          kind: 'ServiceAccount',
          name: PORTAL_ACCOUNT.name,
          namespace: PORTAL_ACCOUNT.namespace,
        },
      ],
    },
    ...owners.map(owner => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: `team-${owner}`, namespace },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: environment === 'production' ? 'view' : 'edit',
      },
      subjects: [
        {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'Group',
          name: `group:default/${owner}`,
        },
      ],
    })),
  ];
}
