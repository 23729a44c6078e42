import { ClusterServer } from './ClusterServer';
import type { KubernetesClusterOptions } from './ClusterServer';
import { recordEvent } from './EventRecorder';
import type {
  ClusterEvent,
  KubernetesCluster,
  KubernetesObject,
  TypeRef,
} from './KubernetesCluster';
import { applyMergePatch } from './patch/mergePatch';
import { fromStorage } from './resources/convertVersion';
import type { ResourceType } from './resources/ResourceType';
import { parseFieldSelector, parseLabelSelector } from './resources/selectors';
import { StatusError } from './StatusError';
import { updateScale } from './write/scale';

/**
 * A cluster together with what serves it.
 *
 * @public
 */
export interface RunningKubernetesCluster extends KubernetesCluster {
  /** @internal */
  readonly server: ClusterServer;
  /** Writes what is not on disk yet and ends all timers. */
  close(): Promise<void>;
}

/**
 * Creates a Kubernetes cluster in memory: the built-in kinds, the CustomResourceDefinitions of the contracts,
 * and whatever is applied to it. No controllers of workloads run in it.
 *
 * @public
 */
export function createKubernetesCluster(
  options: KubernetesClusterOptions,
): RunningKubernetesCluster {
  const server = new ClusterServer(options);
  const { registry, store, writer } = server;

  const typeOf = (ref: TypeRef): ResourceType => {
    const type = registry.findKind(ref);
    if (!type) {
      throw new StatusError({
        code: 404,
        reason: 'NotFound',
        message: `no matches for kind "${ref.kind}" in version "${ref.apiVersion}"`,
        details: {},
      });
    }
    return type;
  };
  const namespaceOf = (
    type: ResourceType,
    namespace: string | undefined,
  ): string | undefined =>
    type.namespaced ? namespace ?? 'default' : undefined;

  const cluster: RunningKubernetesCluster = {
    name: options.name,
    server,
    get(ref) {
      const type = typeOf(ref);
      return writer.find(type, namespaceOf(type, ref.namespace), ref.name);
    },
    list(ref, selector = {}) {
      const type = typeOf(ref);
      const matchesLabels = parseLabelSelector(selector.labelSelector);
      const matchesFields = parseFieldSelector(selector.fieldSelector, type);
      const table = store.table(type.storageKind);
      const { start, end } = table.range(
        selector.namespace ? `${selector.namespace}/` : '',
      );
      const objects: KubernetesObject[] = [];
      for (const key of table.keys().slice(start, end)) {
        const object = fromStorage(type, table.get(key)!);
        if (matchesLabels(object) && matchesFields(object)) {
          objects.push(object);
        }
      }
      return objects;
    },
    create(object, request = {}) {
      const type = typeOf(object);
      return writer.create(
        type,
        namespaceOf(type, object.metadata.namespace),
        object,
        request,
      );
    },
    update(object, request = {}) {
      const type = typeOf(object);
      const { namespace, name } = object.metadata;
      return request.subresource === 'scale'
        ? updateScale(
            writer,
            type,
            namespaceOf(type, namespace),
            name!,
            () => object,
            request,
          )
        : writer.update(
            type,
            namespaceOf(type, namespace),
            name!,
            object,
            request,
          );
    },
    patch(ref, mergePatch, request = {}) {
      const type = typeOf(ref);
      const namespace = namespaceOf(type, ref.namespace);
      const change = (live: KubernetesObject) =>
        applyMergePatch(live, mergePatch) as KubernetesObject;
      return request.subresource === 'scale'
        ? updateScale(writer, type, namespace, ref.name, change, request)
        : writer.modify(type, namespace, ref.name, change, request);
    },
    apply(object, request) {
      const type = typeOf(object);
      const { namespace, name } = object.metadata;
      return writer.apply(
        type,
        namespaceOf(type, namespace),
        name!,
        object,
        request,
      ).object;
    },
    delete(ref, request = {}) {
      const type = typeOf(ref);
      const namespace = namespaceOf(type, ref.namespace);
      if (writer.find(type, namespace, ref.name)) {
        writer.delete(type, namespace, ref.name, {
          propagationPolicy: 'Background',
          ...request,
        });
      }
    },
    watch(ref, listener) {
      return watchInProcess(server, ref && typeOf(ref), listener);
    },
    serves: ref => registry.findKind(ref) !== undefined,
    addAdmissionPlugin: plugin => writer.addPlugin(plugin),
    setPodLogSource: source => {
      server.podLogSource = source;
    },
    recordEvent: event => recordEvent(cluster, event),
    close: () => server.close(),
  };
  return cluster;
}

function watchInProcess(
  { registry, store }: ClusterServer,
  type: ResourceType | undefined,
  listener: (event: ClusterEvent) => void,
): () => void {
  let active = true;
  const tell = (event: ClusterEvent) =>
    queueMicrotask(() => {
      if (active) {
        listener(event);
      }
    });
  const kinds = type
    ? [type.storageKind]
    : [...store.tables()].map(([kind]) => kind);
  for (const kind of kinds) {
    const kindType = type ?? registry.findStorageKind(kind);
    const table = store.table(kind);
    for (const key of table.keys()) {
      const object = table.get(key)!;
      tell({
        type: 'ADDED',
        object: kindType ? fromStorage(kindType, object) : object,
      });
    }
  }
  const stop = store.listen((kind, event) => {
    if (type && kind !== type.storageKind) {
      return;
    }
    const convert = (object: KubernetesObject) =>
      type ? fromStorage(type, object) : object;
    tell({
      type: event.type,
      object: convert(event.object),
      ...(event.type === 'MODIFIED' && { previous: convert(event.previous!) }),
    });
  });
  return () => {
    active = false;
    stop();
  };
}
