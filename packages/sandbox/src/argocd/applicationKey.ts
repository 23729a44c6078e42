import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { SIMULATED_ANNOTATION } from './ApplicationTypes';

/** Whether an Application's status is taken as given. @internal */
export function isSimulated({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[SIMULATED_ANNOTATION] === 'true';
}

/** `<namespace>/<name>`. @internal */
export function keyOfApplication({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
