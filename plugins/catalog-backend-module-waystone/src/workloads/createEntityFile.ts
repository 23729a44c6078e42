import { stringify } from 'yaml';
import { KUBERNETES_ID } from './Workload';
import type { Workload } from './Workload';

/** The text of a catalog-info.yaml that registers a workload. */
export function createEntityFile(options: {
  readonly name: string;
  readonly workload: Workload;
  readonly description?: string;
  /** A full ref. */
  readonly owner: string;
  readonly system?: string;
  readonly isInProduction: boolean;
  readonly hasDocs: boolean;
}): string {
  const {
    description,
    hasDocs,
    isInProduction,
    name,
    owner,
    system,
    workload,
  } = options;
  return stringify(
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name,
        ...(description && { description }),
        annotations: {
          ...(workload.labels[KUBERNETES_ID]
            ? { [KUBERNETES_ID]: name }
            : {
                'backstage.io/kubernetes-label-selector': `app.kubernetes.io/name=${name}`,
              }),
          ...(workload.application && {
            'argocd/app-name': workload.application,
          }),
          ...(hasDocs && { 'backstage.io/techdocs-ref': 'dir:.' }),
        },
      },
      spec: {
        type: 'service',
        lifecycle: isInProduction ? 'production' : 'experimental',
        owner,
        ...(system && { system }),
      },
    },
    { lineWidth: 0 },
  );
}
