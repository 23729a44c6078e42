import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';
import { CONFIG_MAP, SECRET } from './resourceTypes';

interface Reference {
  readonly name: string;
  readonly key?: string;
  readonly optional?: boolean;
}

/** Where an environment variable gets its value. @internal */
export interface EnvironmentSource {
  readonly secretKeyRef?: Reference;
  readonly configMapKeyRef?: Reference;
}

interface Container {
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: EnvironmentSource;
  }[];
  readonly envFrom?: readonly {
    readonly secretRef?: Reference;
    readonly configMapRef?: Reference;
  }[];
}

/**
 * What a container's environment needs and is not there, in the kubelet's words.
 *
 * @internal
 */
export function missingEnvironment(
  cluster: KubernetesCluster,
  namespace: string,
  container: Container,
): string | undefined {
  const references = [
    ...(container.envFrom ?? []).map(({ secretRef, configMapRef }) => ({
      secret: secretRef,
      configMap: configMapRef,
    })),
    ...(container.env ?? []).map(({ valueFrom }) => ({
      secret: valueFrom?.secretKeyRef,
      configMap: valueFrom?.configMapKeyRef,
    })),
  ];
  for (const { secret, configMap } of references) {
    const problem =
      missing(cluster, SECRET, namespace, secret) ??
      missing(cluster, CONFIG_MAP, namespace, configMap);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

/** What a pod's volumes need and is not there: the volume and the kubelet's words. @internal */
export function missingVolume(
  cluster: KubernetesCluster,
  pod: KubernetesObject,
): string | undefined {
  const namespace = pod.metadata.namespace!;
  for (const volume of (pod.spec.volumes ?? []) as {
    name: string;
    secret?: { secretName: string; optional?: boolean };
    configMap?: Reference;
  }[]) {
    const problem =
      missing(
        cluster,
        SECRET,
        namespace,
        volume.secret && {
          name: volume.secret.secretName,
          optional: volume.secret.optional,
        },
      ) ?? missing(cluster, CONFIG_MAP, namespace, volume.configMap);
    if (problem) {
      return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`;
    }
  }
  return undefined;
}

function missing(
  cluster: KubernetesCluster,
  type: typeof SECRET,
  namespace: string,
  reference: Reference | undefined,
): string | undefined {
  if (!reference || reference.optional) {
    return undefined;
  }
  const { name, key } = reference;
  const object = cluster.get({ ...type, namespace, name });
  if (!object) {
    return `${type.kind.toLowerCase()} "${name}" not found`;
  }
  return key === undefined ||
    key in (object.data ?? {}) ||
    key in (object.binaryData ?? {})
    ? undefined
    : `couldn't find key ${key} in ${type.kind} ${namespace}/${name}`;
}
