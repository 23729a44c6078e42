import type { SandboxContext } from './core/SandboxContext';
import type { Crossplane } from './crossplane/createCrossplane';
import type { Forge } from './forge';
import type { KubernetesControllers } from './kubernetes/controllers/createControllers';
import type { KubernetesCluster } from './kubernetes/KubernetesCluster';
import type { Policy } from './policy/createPolicy';
import type { Prometheus } from './prometheus/createPrometheus';
import type { Vault } from './vault/createVault';

/**
 * All of the sandbox in one hand, for those who change several systems at once: seeding and stories.
 *
 * @public
 */
export interface Platform {
  readonly context: SandboxContext;
  /** By name, such as `prod`. */
  readonly clusters: ReadonlyMap<string, KubernetesCluster>;
  /** By the name of the cluster. */
  readonly controllers: ReadonlyMap<string, KubernetesControllers>;
  readonly crossplane: Crossplane;
  readonly forge: Forge;
  readonly policy: Policy;
  readonly prometheus: Prometheus;
  readonly vault: Vault;
}
