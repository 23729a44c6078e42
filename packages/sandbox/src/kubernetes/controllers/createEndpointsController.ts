import type { KubernetesObject } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { matchesLabels } from './labelSelector';
import { objectKey, refOf, refTo } from './objectKey';
import { controllerReference, listControlled } from './ownerReferences';
import { hasEnded, isReady } from './podState';
import { ENDPOINT_SLICE, ENDPOINTS, NODE, POD, SERVICE } from './resourceTypes';
import { canonical } from './templateHash';

const MANAGER = { fieldManager: 'kube-controller-manager' };

/** Keeps an EndpointSlice and the older Endpoints for each Service with a selector. @internal */
export function createEndpointsController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  return {
    name: 'endpointslice-controller',
    watches: [
      { type: SERVICE, keys: ({ object }) => [objectKey(object)] },
      {
        type: POD,
        keys: ({ type, object, previous }) =>
          type === 'MODIFIED' && previous && sameEndpoint(object, previous)
            ? []
            : cluster
                .list(SERVICE, { namespace: object.metadata.namespace })
                .filter(({ spec }) => selects(spec.selector, object))
                .map(objectKey),
      },
    ],
    reconcile(key) {
      const service = cluster.get(refOf(SERVICE, key));
      if (
        !service?.spec.selector ||
        service.metadata.deletionTimestamp ||
        service.spec.type === 'ExternalName'
      ) {
        return;
      }
      const pods = cluster
        .list(POD, { namespace: service.metadata.namespace })
        .filter(
          pod =>
            selects(service.spec.selector, pod) &&
            pod.status?.podIP &&
            !hasEnded(pod),
        )
        .sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
      writeSlice(tools, service, pods);
      writeEndpoints(tools, service, pods);
    },
  };
}

function selects(
  selector: Readonly<Record<string, string>> | undefined,
  pod: KubernetesObject,
): boolean {
  return !!selector && matchesLabels(selector, pod.metadata.labels);
}

function sameEndpoint(a: KubernetesObject, b: KubernetesObject): boolean {
  return (
    isReady(a) === isReady(b) &&
    hasEnded(a) === hasEnded(b) &&
    a.status?.podIP === b.status?.podIP &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    canonical(a.metadata.labels) === canonical(b.metadata.labels)
  );
}

function writeSlice(
  { cluster }: ControllerTools,
  service: KubernetesObject,
  pods: readonly KubernetesObject[],
) {
  const endpoints = pods.map(pod => {
    const serving = isReady(pod);
    const terminating = !!pod.metadata.deletionTimestamp;
    const zone = cluster.get({ ...NODE, name: pod.spec.nodeName })?.metadata
      .labels?.['topology.kubernetes.io/zone'];
    return {
      addresses: [pod.status.podIP],
      conditions: { ready: serving && !terminating, serving, terminating },
      nodeName: pod.spec.nodeName,
      targetRef: targetRef(pod),
      ...(zone && { zone }),
    };
  });
  const ports = portsOf(service, pods[0]);
  const [slice] = listControlled(cluster, ENDPOINT_SLICE, service);
  if (!slice) {
    cluster.create(
      {
        ...ENDPOINT_SLICE,
        metadata: {
          generateName: `${service.metadata.name}-`,
          namespace: service.metadata.namespace,
          labels: {
            ...service.metadata.labels,
            'endpointslice.kubernetes.io/managed-by':
              'endpointslice-controller.k8s.io',
            'kubernetes.io/service-name': service.metadata.name!,
          },
          ownerReferences: [controllerReference(service)],
        },
        addressType: 'IPv4',
        endpoints,
        ports,
      },
      MANAGER,
    );
  } else if (
    canonical([slice.endpoints ?? [], slice.ports ?? []]) !==
    canonical([endpoints, ports])
  ) {
    cluster.patch(refTo(slice), { endpoints, ports }, MANAGER);
  }
}

function writeEndpoints(
  { cluster }: ControllerTools,
  service: KubernetesObject,
  pods: readonly KubernetesObject[],
) {
  if (!cluster.serves(ENDPOINTS)) {
    return;
  }
  const live = pods.filter(pod => !pod.metadata.deletionTimestamp);
  const address = (pod: KubernetesObject) => ({
    ip: pod.status.podIP,
    nodeName: pod.spec.nodeName,
    targetRef: targetRef(pod),
  });
  const ready = live.filter(isReady).map(address);
  const unready = live.filter(pod => !isReady(pod)).map(address);
  const subsets =
    live.length > 0
      ? [
          {
            ...(ready.length > 0 && { addresses: ready }),
            ...(unready.length > 0 && { notReadyAddresses: unready }),
            ports: portsOf(service, pods[0]),
          },
        ]
      : [];
  const { name, namespace } = service.metadata;
  const current = cluster.get({ ...ENDPOINTS, namespace, name: name! });
  if (!current) {
    cluster.create(
      {
        ...ENDPOINTS,
        metadata: {
          name,
          namespace,
          labels: {
            ...service.metadata.labels,
            'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
          },
          ownerReferences: [controllerReference(service)],
        },
        ...(subsets.length > 0 && { subsets }),
      },
      MANAGER,
    );
  } else if (canonical(current.subsets ?? []) !== canonical(subsets)) {
    cluster.patch(
      refTo(current),
      { subsets: subsets.length > 0 ? subsets : null },
      MANAGER,
    );
  }
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

interface PodPorts {
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
  }[];
}

function portsOf(service: KubernetesObject, pod: KubernetesObject | undefined) {
  return ((service.spec.ports ?? []) as ServicePort[]).map(
    ({ name, port, protocol, targetPort }) => ({
      ...(name && { name }),
      port:
        typeof targetPort === 'string'
          ? (pod?.spec.containers as PodPorts[] | undefined)
              ?.flatMap(container => container.ports ?? [])
              .find(candidate => candidate.name === targetPort)
              ?.containerPort ?? port
          : targetPort ?? port,
      protocol: protocol ?? 'TCP',
    }),
  );
}

function targetRef({ kind, metadata }: KubernetesObject) {
  return {
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
  };
}
