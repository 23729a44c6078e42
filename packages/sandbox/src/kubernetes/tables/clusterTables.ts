import type { KubernetesObject } from '../KubernetesCluster';
import { createLayout, formatAge, formatLabels } from './TableLayout';
import type { TableLayout } from './TableLayout';

const age = (object: KubernetesObject) =>
  formatAge(object.metadata.creationTimestamp);
const count = (value: object | undefined) => Object.keys(value ?? {}).length;

/** The tables of everything besides workloads, by storage kind. */
export const clusterTables: Readonly<Record<string, TableLayout>> = {
  '/Namespace': createLayout(['Status', 'Age'], namespace => [
    namespace.status?.phase,
    age(namespace),
  ]),
  '/ConfigMap': createLayout(['Data', 'Age'], map => [
    count(map.data) + count(map.binaryData),
    age(map),
  ]),
  '/Secret': createLayout(['Type', 'Data', 'Age'], secret => [
    secret.type,
    count(secret.data),
    age(secret),
  ]),
  '/ServiceAccount': createLayout(['Secrets', 'Age'], account => [
    account.secrets?.length ?? 0,
    age(account),
  ]),
  '/Service': createLayout(
    ['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector*'],
    service => [
      service.spec?.type,
      service.spec?.clusterIP || '<none>',
      externalAddress(service),
      servicePorts(service),
      age(service),
      formatLabels(service.spec?.selector),
    ],
  ),
  '/Endpoints': createLayout(['Endpoints', 'Age'], endpoints => [
    endpointList(endpoints),
    age(endpoints),
  ]),
  '/Node': createLayout(
    [
      'Status',
      'Roles',
      'Age',
      'Version',
      'Internal-IP*',
      'External-IP*',
      'OS-Image*',
      'Kernel-Version*',
      'Container-Runtime*',
    ],
    node => [
      nodeStatus(node),
      nodeRoles(node),
      age(node),
      node.status?.nodeInfo?.kubeletVersion,
      nodeAddress(node, 'InternalIP'),
      nodeAddress(node, 'ExternalIP'),
      node.status?.nodeInfo?.osImage || '<unknown>',
      node.status?.nodeInfo?.kernelVersion || '<unknown>',
      node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
    ],
  ),
  '/Event': {
    columns: [
      'Last Seen',
      'Type',
      'Reason',
      'Object',
      'Subobject*',
      'Source*',
      'Message',
      'First Seen*',
      'Count*',
      'Name*',
    ].map(text => ({
      name: text.replace('*', ''),
      type: 'string',
      format: text === 'Name*' ? 'name' : '',
      description: text.replace('*', ''),
      priority: text.endsWith('*') ? 1 : 0,
    })),
    cells: event => {
      const regarding = event.involvedObject ?? event.regarding ?? {};
      const first = event.firstTimestamp ?? event.deprecatedFirstTimestamp;
      const last = event.lastTimestamp ?? event.deprecatedLastTimestamp;
      const source = event.source ?? event.deprecatedSource ?? {};
      return [
        formatAge(
          event.series?.lastObservedTime ?? last ?? event.eventTime ?? first,
        ),
        event.type,
        event.reason,
        `${(regarding.kind ?? '').toLowerCase()}/${regarding.name}`,
        regarding.fieldPath ?? '',
        [
          source.component ??
            event.reportingComponent ??
            event.reportingController,
          source.host,
        ]
          .filter(Boolean)
          .join(', '),
        (event.message ?? event.note ?? '').trim(),
        formatAge(first ?? event.eventTime),
        event.series?.count ?? event.count ?? event.deprecatedCount ?? 1,
        event.metadata.name,
      ];
    },
  },
  '/PersistentVolumeClaim': createLayout(
    [
      'Status',
      'Volume',
      'Capacity',
      'Access Modes',
      'StorageClass',
      'VolumeAttributesClass',
      'Age',
      'VolumeMode*',
    ],
    claim => [
      claim.metadata.deletionTimestamp ? 'Terminating' : claim.status?.phase,
      claim.spec?.volumeName ?? '',
      claim.status?.capacity?.storage ?? '',
      accessModes(claim.status?.accessModes),
      claim.spec?.storageClassName ?? '',
      claim.spec?.volumeAttributesClassName ?? '<unset>',
      age(claim),
      claim.spec?.volumeMode ?? '<unset>',
    ],
  ),
  '/ResourceQuota': createLayout(['Request', 'Limit', 'Age'], quota => [
    quotaUse(quota, key => !key.startsWith('limits.')),
    quotaUse(quota, key => key.startsWith('limits.')),
    age(quota),
  ]),
  'networking.k8s.io/Ingress': createLayout(
    ['Class', 'Hosts', 'Address', 'Ports', 'Age'],
    ingress => [
      ingress.spec?.ingressClassName ?? '<none>',
      ingressHosts(ingress),
      loadBalancerAddress(ingress) ?? '',
      ingress.spec?.tls?.length ? '80, 443' : '80',
      age(ingress),
    ],
  ),
  'networking.k8s.io/IngressClass': createLayout(
    ['Controller', 'Parameters', 'Age'],
    ingressClass => [
      ingressClass.spec?.controller,
      '<none>',
      age(ingressClass),
    ],
  ),
  'networking.k8s.io/NetworkPolicy': createLayout(
    ['Pod-Selector', 'Age'],
    policy => [
      formatLabels(policy.spec?.podSelector?.matchLabels),
      age(policy),
    ],
  ),
  'discovery.k8s.io/EndpointSlice': createLayout(
    ['AddressType', 'Ports', 'Endpoints', 'Age'],
    slice => [
      slice.addressType,
      slice.ports?.map((port: any) => port.port).join(',') || '<unset>',
      listSome(
        (slice.endpoints ?? []).flatMap((endpoint: any) => endpoint.addresses),
        '<unset>',
      ),
      age(slice),
    ],
  ),
  'rbac.authorization.k8s.io/Role': createLayout(['Created At'], role => [
    role.metadata.creationTimestamp,
  ]),
  'rbac.authorization.k8s.io/ClusterRole': createLayout(
    ['Created At'],
    role => [role.metadata.creationTimestamp],
  ),
  'rbac.authorization.k8s.io/RoleBinding': createBindingTable(),
  'rbac.authorization.k8s.io/ClusterRoleBinding': createBindingTable(),
  'apiextensions.k8s.io/CustomResourceDefinition': createLayout(
    ['Created At'],
    definition => [definition.metadata.creationTimestamp],
  ),
  'coordination.k8s.io/Lease': createLayout(['Holder', 'Age'], lease => [
    lease.spec?.holderIdentity ?? '',
    age(lease),
  ]),
  'storage.k8s.io/StorageClass': createLayout(
    [
      'Provisioner',
      'ReclaimPolicy',
      'VolumeBindingMode',
      'AllowVolumeExpansion',
      'Age',
    ],
    storage => [
      storage.provisioner,
      storage.reclaimPolicy ?? 'Delete',
      storage.volumeBindingMode ?? 'Immediate',
      storage.allowVolumeExpansion ?? false,
      age(storage),
    ],
  ),
};

function createBindingTable(): TableLayout {
  const subjects = (binding: KubernetesObject, kind: string) =>
    (binding.subjects ?? [])
      .filter((subject: any) => subject.kind === kind)
      .map((subject: any) =>
        kind === 'ServiceAccount'
          ? `${subject.namespace}/${subject.name}`
          : subject.name,
      )
      .join(', ');
  return createLayout(
    ['Role', 'Age', 'Users*', 'Groups*', 'ServiceAccounts*'],
    binding => [
      `${binding.roleRef?.kind}/${binding.roleRef?.name}`,
      age(binding),
      subjects(binding, 'User'),
      subjects(binding, 'Group'),
      subjects(binding, 'ServiceAccount'),
    ],
  );
}

function loadBalancerAddress(object: KubernetesObject): string | undefined {
  const list = (object.status?.loadBalancer?.ingress ?? [])
    .map((entry: any) => entry.ip ?? entry.hostname)
    .join(',');
  return list || undefined;
}

function externalAddress(service: KubernetesObject): string {
  const external = (service.spec?.externalIPs ?? []).join(',');
  switch (service.spec?.type) {
    case 'LoadBalancer':
      return (
        [loadBalancerAddress(service), external].filter(Boolean).join(',') ||
        '<pending>'
      );
    case 'ExternalName':
      return service.spec.externalName;
    default:
      return external || '<none>';
  }
}

function servicePorts(service: KubernetesObject): string {
  const ports = (service.spec?.ports ?? []).map((port: any) =>
    port.nodePort
      ? `${port.port}:${port.nodePort}/${port.protocol ?? 'TCP'}`
      : `${port.port}/${port.protocol ?? 'TCP'}`,
  );
  return ports.join(',') || '<none>';
}

function endpointList(endpoints: KubernetesObject): string {
  const list = (endpoints.subsets ?? []).flatMap((subset: any) =>
    (subset.addresses ?? []).flatMap((address: any) =>
      (subset.ports?.length ? subset.ports : [undefined]).map((port: any) =>
        port ? `${address.ip}:${port.port}` : address.ip,
      ),
    ),
  );
  return listSome(list, '<none>');
}

/** Three of a list, and how many more there are. */
function listSome(list: readonly string[], none: string): string {
  if (list.length === 0) {
    return none;
  }
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}

function nodeStatus(node: KubernetesObject): string {
  const ready = node.status?.conditions?.find(
    (condition: any) => condition.type === 'Ready',
  );
  const words = [
    ready ? { True: 'Ready' }[ready.status as string] ?? 'NotReady' : 'Unknown',
  ];
  if (node.spec?.unschedulable) {
    words.push('SchedulingDisabled');
  }
  return words.join(',');
}

function nodeRoles(node: KubernetesObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter(label => label.startsWith(prefix))
    .map(label => label.slice(prefix.length));
  return roles.sort().join(',') || '<none>';
}

function nodeAddress(node: KubernetesObject, type: string): string {
  return (
    node.status?.addresses?.find((address: any) => address.type === type)
      ?.address ?? '<none>'
  );
}

function ingressHosts(ingress: KubernetesObject): string {
  const hosts = (ingress.spec?.rules ?? []).map(
    (rule: any) => rule.host || '*',
  );
  return listSome(hosts, '*');
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(modes: readonly string[] | undefined): string {
  return (modes ?? []).map(mode => MODES[mode] ?? mode).join(',');
}

function quotaUse(
  quota: KubernetesObject,
  selects: (key: string) => boolean,
): string {
  return Object.entries(quota.status?.hard ?? quota.spec?.hard ?? {})
    .filter(([key]) => selects(key))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, hard]) => `${key}: ${quota.status?.used?.[key] ?? 0}/${hard}`)
    .join(', ');
}
