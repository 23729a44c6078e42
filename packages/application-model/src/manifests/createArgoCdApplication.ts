import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import type { Draft } from './Draft';

/** What makes Argo CD keep an environment as the repository has it. */
export function createArgoCdApplication(resolved: ResolvedApplication): Draft {
  const { application, environment, labels, layers, name, platform, system } =
    resolved;
  const { description, repository } = application.spec;
  const promotion =
    layers.pick<'auto' | 'manual' | 'gated'>('promotion') ??
    new Sourced(environment.promotion, `environment ${environment.name}`);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: `${name}-${environment.name}`,
      namespace: platform.namespaces.argocd,
      labels,
    },
    spec: {
      project: system,
      source: {
        repoURL:
          repository === undefined
            ? new Sourced(
                platform.repository
                  .replaceAll('{name}', name)
                  .replaceAll('{system}', system),
                'platform default: repository',
              )
            : new Sourced(repository, 'spec.repository'),
        targetRevision: 'main',
        path: `deploy/${environment.name}`,
      },
      destination: {
        name: environment.cluster,
        namespace: resolved.namespace,
      },
      // What is promoted by hand is synced by hand
      ...(promotion.value === 'auto' || !environment.protected
        ? {
            syncPolicy: {
              automated: new Sourced(
                { prune: true, selfHeal: true },
                `promotion ${promotion.value}, ${promotion.origin}`,
              ),
            },
          }
        : {}),
      ...(description && {
        info: [{ name: 'Description', value: description }],
      }),
    },
  };
}
