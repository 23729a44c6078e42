import type { SandboxContext } from './core/SandboxContext';
import type { KubernetesCluster } from './kubernetes/KubernetesCluster';

/**
 * All of the sandbox in one hand, for those who change several systems at once: seeding and stories.
 *
 * @public
 */
export interface Platform {
  readonly context: SandboxContext;
  readonly clusters: ReadonlyMap<string, KubernetesCluster>;
}
