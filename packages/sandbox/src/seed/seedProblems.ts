import type { SandboxContext } from '../core/SandboxContext';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import { ARGOCD_NAMESPACE, applicationName } from './argoCdObjects';
import { namespaceOf } from './environments';

const SERVICE = 'shipping-service';
const APPLICATION = applicationName(SERVICE, 'production');

/**
 * Lets one application of a new platform drift: once it was synced for the first time, somebody changes a
 * setting with kubectl.
 *
 * @returns A function that gives up.
 */
export function seedDrift(options: {
  readonly context: SandboxContext;
  readonly home: KubernetesCluster;
  readonly production: KubernetesCluster;
  /** Told once it has drifted. */
  onEnd(): void;
}): () => void {
  const { context, home, production, onEnd } = options;
  let done = false;
  const end = home.watch(
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
    ({ object }) => {
      if (
        done ||
        object.metadata.name !== APPLICATION ||
        object.metadata.namespace !== ARGOCD_NAMESPACE ||
        object.status?.operationState?.phase !== 'Succeeded'
      ) {
        return;
      }
      done = true;
      // Not at once: an Application that is there already is told before `watch` returns.
      queueMicrotask(() => end());
      try {
        production.patch(
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            namespace: namespaceOf('warehouse', 'production'),
            name: SERVICE,
          },
          { data: { LOG_LEVEL: 'debug' } },
          { fieldManager: 'kubectl-edit' },
        );
        onEnd();
      } catch (error) {
        context.log('seed', `${APPLICATION} does not drift: ${error}`);
      }
    },
  );
  return end;
}
