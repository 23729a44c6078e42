import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  DocsSite,
  DocsSitesQuery,
  DocsSitesResponse,
} from '@waystone/plugin-techdocs-native-common';
import type { BuildStore } from '../builds/BuildStore';
import type { ReadStore } from '../builds/ReadStore';
import { readDocumented, type DocumentedEntity } from './readDocumented';

export interface DocsSitesOptions {
  readonly builds: BuildStore;
  readonly catalog: CatalogService;
  readonly reads: ReadStore;
  readonly userInfo: UserInfoService;
}

type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

const READ_DAYS = 30;
const STALE_MILLISECONDS = 365 * 24 * 60 * 60_000;
/** What a person sees of the catalog is asked again after this time. */
const FRESH_MILLISECONDS = 10_000;
const MAX_FACETS = 200;
const MAX_REMEMBERED = 200;

/** The docs of all entities that a person may see, for the docs home. */
export class DocsSites {
  readonly #options: DocsSitesOptions;
  readonly #seen = new Map<
    string,
    { readonly at: number; readonly entities: Promise<DocumentedEntity[]> }
  >();

  constructor(options: DocsSitesOptions) {
    this.#options = options;
  }

  async list(
    query: DocsSitesQuery,
    credentials: UserCredentials,
  ): Promise<DocsSitesResponse> {
    const { builds, reads, userInfo } = this.#options;
    const [entities, built, counts, { ownershipEntityRefs }] =
      await Promise.all([
        this.#entities(credentials),
        builds.list(),
        reads.bySite(READ_DAYS),
        userInfo.getUserInfo(credentials),
      ]);
    const mine = new Set(ownershipEntityRefs);
    const sites = entities.map((entity): DocsSite => {
      const build = built.get(entity.entityRef);
      const owned = entity.owners.some(owner => mine.has(owner.entityRef));
      return {
        ...entity,
        mine: owned,
        state: build?.state ?? 'unknown',
        pages: build?.pages,
        changedAt: build?.changedAt?.toISOString(),
        changedBy: build?.changedBy,
        confirmedAt: build?.confirmedAt?.toISOString(),
        stale: isStale(build),
        reads: counts.get(entity.entityRef) ?? 0,
        problemCount: owned ? build?.problemCount : undefined,
      };
    });
    const found = sites.filter(site => matches(site, query)).sort(by(query));
    return {
      items: found.slice(query.offset, query.offset + query.limit),
      totalItems: found.length,
      summary: {
        all: sites.length,
        mine: sites.filter(site => site.mine).length,
        stale: sites.filter(site => site.stale).length,
        systems: facets(sites.map(site => (site.system ? [site.system] : []))),
        owners: facets(sites.map(site => site.owners)),
      },
    };
  }

  #entities(credentials: UserCredentials): Promise<DocumentedEntity[]> {
    const user = credentials.principal.userEntityRef;
    const known = this.#seen.get(user);
    const now = Date.now();
    if (known && now - known.at < FRESH_MILLISECONDS) return known.entities;
    const entities = readDocumented(this.#options.catalog, credentials);
    this.#seen.delete(user);
    this.#seen.set(user, { at: now, entities });
    entities.catch(() => this.#seen.delete(user));
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MAX_REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    return entities;
  }
}

/** Neither changed nor confirmed for a year; what nobody knows the age of is not called old. */
export function isStale(
  build: { readonly changedAt?: Date; readonly confirmedAt?: Date } | undefined,
): boolean {
  if (!build?.changedAt) return false;
  const newest = Math.max(
    build.changedAt.getTime(),
    build.confirmedAt?.getTime() ?? 0,
  );
  return Date.now() - newest > STALE_MILLISECONDS;
}

function matches(site: DocsSite, query: DocsSitesQuery): boolean {
  if (query.view === 'mine' && !site.mine) return false;
  if (query.view === 'stale' && !site.stale) return false;
  if (query.system === 'none' && site.system) return false;
  if (
    query.system &&
    query.system !== 'none' &&
    site.system?.entityRef !== query.system
  ) {
    return false;
  }
  if (
    query.owner &&
    !site.owners.some(owner => owner.entityRef === query.owner)
  ) {
    return false;
  }
  if (!query.q) return true;
  const wanted = query.q.toLocaleLowerCase('en-US');
  return [site.entityRef, site.title, site.description ?? ''].some(text =>
    text.toLocaleLowerCase('en-US').includes(wanted),
  );
}

function by({
  sort,
}: DocsSitesQuery): (left: DocsSite, right: DocsSite) => number {
  const byTitle = (left: DocsSite, right: DocsSite) =>
    left.title.localeCompare(right.title, 'en') ||
    left.entityRef.localeCompare(right.entityRef, 'en');
  if (sort === 'changed') {
    return (left, right) =>
      (right.changedAt ?? '').localeCompare(left.changedAt ?? '') ||
      byTitle(left, right);
  }
  if (sort === 'reads') {
    return (left, right) => right.reads - left.reads || byTitle(left, right);
  }
  if (sort === 'title') return byTitle;
  return (left, right) =>
    // Docs outside of any system come last
    Number(!left.system) - Number(!right.system) ||
    (left.system?.title ?? '').localeCompare(right.system?.title ?? '', 'en') ||
    (left.system?.entityRef ?? '').localeCompare(
      right.system?.entityRef ?? '',
      'en',
    ) ||
    byTitle(left, right);
}

function facets(
  values: readonly (readonly {
    readonly entityRef: string;
    readonly title: string;
  }[])[],
): DocsSitesResponse['summary']['systems'] {
  const found = new Map<
    string,
    { entityRef: string; title: string; count: number }
  >();
  for (const { entityRef, title } of values.flat()) {
    const facet = found.get(entityRef) ?? { entityRef, title, count: 0 };
    facet.count++;
    found.set(entityRef, facet);
  }
  return [...found.values()]
    .sort((left, right) => left.title.localeCompare(right.title, 'en'))
    .slice(0, MAX_FACETS);
}
