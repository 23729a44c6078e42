import type { Platform } from '../Platform';
import { ARGOCD_NAMESPACE } from '../seed/argoCdObjects';
import { ARGOCD_CLUSTER } from '../seed/environments';

/** Asks Argo CD for a sync, as somebody who presses the button does. */
export function requestSync(
  platform: Pick<Platform, 'clusters'>,
  options: { readonly application: string; readonly person: string },
): void {
  platform.clusters.get(ARGOCD_CLUSTER)!.patch(
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ARGOCD_NAMESPACE,
      name: options.application,
    },
    {
      operation: {
        initiatedBy: { username: options.person },
        sync: { prune: true },
      },
    },
    { fieldManager: 'argocd-server' },
  );
}
