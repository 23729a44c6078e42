/**
 * What an entity's annotations say about which deployments are its own.
 *
 * @see https://github.com/backstage/community-plugins/tree/main/workspaces/argocd
 */
export interface DeploymentHints {
  /** Of `argocd/app-name`. */
  readonly names: readonly string[];
  /** Of `argocd/app-selector`: all labels must fit. */
  readonly selector?: ReadonlyMap<string, string>;
  /** Of `argocd/instance-name`; without it, every instance. */
  readonly instance?: string;
  /** Of `argocd/app-namespace`; without it, every namespace. */
  readonly namespace?: string;
  /** Of `backstage.io/kubernetes-id`. */
  readonly kubernetesId?: string;
  /** Of `backstage.io/kubernetes-label-selector`: of workloads that no Argo CD deploys, all labels must fit. */
  readonly workloads?: ReadonlyMap<string, string>;
  /** Of `backstage.io/kubernetes-namespace`; without it, every namespace. */
  readonly workloadNamespace?: string;
}

/** The label by which a deployment says whose it is. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';

/** A selector with more labels than this is not one that a person wrote. */
const MOST_LABELS = 20;

/** Reads the annotations that the community's plugins use. What is not understood is left out. */
export function readHints(
  annotations: Readonly<Record<string, string>>,
): DeploymentHints {
  return {
    names: (annotations['argocd/app-name'] ?? '')
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== ''),
    selector: readSelector(annotations['argocd/app-selector']),
    instance: annotations['argocd/instance-name']?.trim() || undefined,
    namespace: annotations['argocd/app-namespace']?.trim() || undefined,
    kubernetesId: annotations[KUBERNETES_ID]?.trim() || undefined,
    workloads: readSelector(
      annotations['backstage.io/kubernetes-label-selector'],
    ),
    workloadNamespace:
      annotations['backstage.io/kubernetes-namespace']?.trim() || undefined,
  };
}

/** `a=b,c=d`. A selector that is not all of this form finds nothing, rather than too much. */
function readSelector(
  text: string | undefined,
): ReadonlyMap<string, string> | undefined {
  const parts = (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  const labels = parts.map(part => /^([^=!\s]+)==?([^=\s]+)$/.exec(part));
  if (
    labels.length === 0 ||
    labels.length > MOST_LABELS ||
    labels.includes(null)
  ) {
    return undefined;
  }
  return new Map(labels.map(match => [match![1], match![2]]));
}
