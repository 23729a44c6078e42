import type { SandboxContext } from '../../core/SandboxContext';
import type { PodLogSource } from '../KubernetesCluster';
import type { PodBehaviours } from './PodBehaviours';

export function createPodLogSource(
  _context: SandboxContext,
  _behaviours: PodBehaviours,
): PodLogSource {
  return () => [];
}
