import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { ApplicationController } from '../ApplicationController';
import type { Application, HealthStatus } from '../ApplicationTypes';
import { orphansOf } from '../findOrphans';
import { resourceHealth } from '../health/resourceHealth';
import { keyOf, versionOf } from '../live/ResourceKey';
import { resourceImages } from '../resourceImages';

/** @internal */
export interface ResourceReference {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** @internal */
export interface ResourceNode extends ResourceReference {
  readonly parentRefs?: readonly ResourceReference[];
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly networkingInfo?: object;
  readonly resourceVersion?: string;
  readonly images?: readonly string[];
  readonly health?: HealthStatus;
  readonly createdAt?: string;
}

/** @internal */
export interface ResourceTree {
  readonly nodes?: readonly ResourceNode[];
  readonly orphanedNodes?: readonly ResourceNode[];
  readonly hosts?: readonly object[];
}

/**
 * Everything that an Application has led to, down to the pods.
 *
 * @internal
 */
export function resourceTree(
  controller: ApplicationController,
  application: Application,
  project?: KubernetesObject,
): ResourceTree {
  const { comparison, destination } = controller.known(application) ?? {};
  if (!comparison || !destination) {
    const nodes = (application.status?.resources ?? []).map(
      ({ group, version, kind, namespace, name, health }): ResourceNode => ({
        ...reference({ group, version, kind, namespace, name }),
        ...(health && { health }),
      }),
    );
    return nodes.length > 0 ? { nodes } : {};
  }
  const nodes = new Map<string, ResourceNode>();
  const visit = (object: KubernetesObject, parent?: ResourceReference) => {
    const uid = object.metadata.uid ?? '';
    if (nodes.has(uid)) {
      return;
    }
    const node = toNode(object, parent);
    nodes.set(uid, node);
    for (const child of controller.live.children(destination.cluster, object)) {
      visit(child, refer(object));
    }
  };
  for (const { live, target } of comparison.compared) {
    const current = live && (destination.cluster.get(toRef(live)) ?? live);
    if (current) {
      visit(current);
    } else if (target) {
      const key = keyOf(target);
      nodes.set(
        `missing:${key.group}/${key.kind}/${key.namespace}/${key.name}`,
        {
          ...reference({
            ...key,
            version: versionOf(String(target.apiVersion)),
          }),
          health: { status: 'Missing' },
        },
      );
    }
  }
  const orphans = project
    ? orphansOf(project, application, destination, controller.live)
        .filter(({ metadata }) => !nodes.has(metadata.uid ?? ''))
        .map(object => toNode(object))
    : [];
  return {
    nodes: [...nodes.values()],
    ...(orphans.length > 0 && { orphanedNodes: orphans }),
  };
}

function toRef(object: KubernetesObject) {
  const { namespace, name } = keyOf(object);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace && { namespace }),
  };
}

function refer(object: KubernetesObject): ResourceReference {
  return reference({
    ...keyOf(object),
    version: versionOf(object.apiVersion),
    uid: object.metadata.uid,
  });
}

function reference(from: ResourceReference): ResourceReference {
  const { group, version, kind, namespace, name, uid } = from;
  return {
    ...(group && { group }),
    ...(version && { version }),
    kind,
    ...(namespace && { namespace }),
    name,
    ...(uid && { uid }),
  };
}

function toNode(
  object: KubernetesObject,
  parent?: ResourceReference,
): ResourceNode {
  const health = resourceHealth(object);
  const images = resourceImages(object);
  const info = nodeInfo(object);
  const networkingInfo = nodeNetworking(object);
  return {
    ...refer(object),
    ...(parent && { parentRefs: [parent] }),
    ...(info.length > 0 && { info }),
    ...(networkingInfo && { networkingInfo }),
    resourceVersion: object.metadata.resourceVersion,
    ...(images.length > 0 && { images }),
    ...(health && { health }),
    createdAt: object.metadata.creationTimestamp,
  };
}

function nodeInfo({ kind, metadata, status, spec }: KubernetesObject) {
  if (kind === 'Pod') {
    const containers: readonly {
      ready?: boolean;
      restartCount?: number;
      state?: { waiting?: { reason?: string } };
    }[] = status?.containerStatuses ?? [];
    const reason =
      containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting
        ?.reason ??
      status?.phase ??
      'Unknown';
    const ready = containers.filter(container => container.ready).length;
    const restarts = containers.reduce(
      (sum, { restartCount = 0 }) => sum + restartCount,
      0,
    );
    return [
      {
        name: 'Status Reason',
        value: metadata.deletionTimestamp ? 'Terminating' : reason,
      },
      ...(spec?.nodeName ? [{ name: 'Node', value: spec.nodeName }] : []),
      {
        name: 'Containers',
        value: `${ready}/${spec?.containers?.length ?? containers.length}`,
      },
      ...(restarts > 0
        ? [{ name: 'Restart Count', value: String(restarts) }]
        : []),
    ];
  }
  const revision = metadata.annotations?.['deployment.kubernetes.io/revision'];
  return kind === 'ReplicaSet' && revision
    ? [{ name: 'Revision', value: `Rev:${revision}` }]
    : [];
}

function nodeNetworking({ kind, metadata, spec, status }: KubernetesObject) {
  switch (kind) {
    case 'Pod':
      return metadata.labels ? { labels: metadata.labels } : undefined;
    case 'Service':
      return {
        ...(spec?.selector && { targetLabels: spec.selector }),
        ...(status?.loadBalancer?.ingress && {
          ingress: status.loadBalancer.ingress,
        }),
      };
    default:
      return undefined;
  }
}
