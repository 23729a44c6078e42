import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import { PROJECT_TYPE, sourcesOf } from './ApplicationTypes';
import type { Application, ApplicationCondition } from './ApplicationTypes';
import type { Destination } from './Destinations';
import type { ResourceKey } from './live/ResourceKey';
import { matchesGlob, matchesName } from './rendering/matchesGlob';

/** The project of an Application. @internal */
export function projectOf(
  home: KubernetesCluster,
  application: Application,
  namespace: string,
): KubernetesObject | undefined {
  return home.get({
    ...PROJECT_TYPE,
    namespace,
    name: application.spec.project || 'default',
  });
}

/** Whether two addresses are the same repository. @internal */
export function sameRepository(a: string, b: string): boolean {
  return normalizeRepository(a) === normalizeRepository(b);
}

/** The address without what makes no difference. @internal */
export function normalizeRepository(url: string): string {
  return url
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

/** What of an Application's spec its project does not allow. @internal */
export function checkAgainstProject(
  application: Application,
  project: KubernetesObject | undefined,
  destination: Destination | string,
): ApplicationCondition[] {
  const { spec } = application;
  const invalid = (message: string): ApplicationCondition[] => [
    { type: 'InvalidSpecError', message },
  ];
  if (!project) {
    return invalid(
      `Application referencing project ${spec.project} which does not exist`,
    );
  }
  const sources = sourcesOf(spec);
  if (sources.length === 0) {
    return invalid(
      'spec.source.repoURL and either spec.source.path or spec.source.chart are required',
    );
  }
  const repositories: readonly string[] = project.spec?.sourceRepos ?? [];
  for (const { repoURL } of sources) {
    const allowed = repositories.some(
      pattern =>
        !pattern.startsWith('!') &&
        (pattern === '*' ||
          matchesGlob(
            normalizeRepository(pattern),
            normalizeRepository(repoURL),
          )),
    );
    const denied = repositories.some(
      pattern =>
        pattern.startsWith('!') &&
        matchesGlob(
          normalizeRepository(pattern.slice(1)),
          normalizeRepository(repoURL),
        ),
    );
    if (!allowed || denied) {
      return invalid(
        `application repo ${repoURL} is not permitted in project '${project.metadata.name}'`,
      );
    }
  }
  if (typeof destination === 'string') {
    return invalid(destination);
  }
  if (!allowsDestination(project, destination, spec.destination.namespace)) {
    return invalid(
      `application destination server '${destination.server}' and namespace '${
        spec.destination.namespace ?? ''
      }' do not match any of the allowed destinations in project '${
        project.metadata.name
      }'`,
    );
  }
  return [];
}

function allowsDestination(
  project: KubernetesObject,
  { name, server }: Destination,
  namespace = '',
): boolean {
  const entries: readonly {
    name?: string;
    server?: string;
    namespace?: string;
  }[] = project.spec?.destinations ?? [];
  const fits = (pattern: string, value: string) => matchesName(pattern, value);
  const rules = entries.map(entry => {
    const deny = [entry.server, entry.name, entry.namespace].some(value =>
      value?.startsWith('!'),
    );
    const plain = (value: string | undefined) => value?.replace(/^!/, '');
    const where =
      entry.server !== undefined && entry.server !== ''
        ? fits(plain(entry.server)!, server)
        : fits(plain(entry.name) ?? '', name);
    return {
      deny,
      matches: where && fits(plain(entry.namespace) ?? '', namespace),
    };
  });
  return (
    rules.some(({ deny, matches }) => !deny && matches) &&
    !rules.some(({ deny, matches }) => deny && matches)
  );
}

interface KindRule {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

/**
 * Why a project does not let an object be managed; undefined if it does.
 *
 * @internal
 */
export function forbiddenByProject(
  project: KubernetesObject,
  destination: Destination,
  key: ResourceKey,
  namespaced: boolean,
): string | undefined {
  const { spec, metadata } = project;
  const fits = (rules: readonly KindRule[] | undefined) =>
    (rules ?? []).some(
      rule =>
        matchesName(rule.group, key.group) &&
        matchesName(rule.kind, key.kind) &&
        (!rule.name || matchesName(rule.name, key.name)),
    );
  const permitted = namespaced
    ? (spec?.namespaceResourceWhitelist === undefined ||
        fits(spec.namespaceResourceWhitelist)) &&
      !fits(spec?.namespaceResourceBlacklist)
    : fits(spec?.clusterResourceWhitelist) &&
      !fits(spec?.clusterResourceBlacklist);
  if (!permitted) {
    return `resource ${key.group}:${key.kind} is not permitted in project ${metadata.name}`;
  }
  return namespaced && !allowsDestination(project, destination, key.namespace)
    ? `namespace ${key.namespace} is not permitted in project '${metadata.name}'`
    : undefined;
}
