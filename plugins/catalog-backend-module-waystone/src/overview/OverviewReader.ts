import type {
  AuthService,
  BackstageCredentials,
  DatabaseService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  OVERVIEW_LIST_SIZE,
  OVERVIEW_MEMBERS,
} from '@waystone/plugin-catalog-overview-common';
import type {
  OverviewItem,
  OverviewList,
  OverviewResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { walkImpact } from '../impact/ImpactGraph';
import type { ImpactWalk } from '../impact/ImpactGraph';
import type { StacksReader } from '../problems/StacksReader';
import type { Visibility } from '../visibility/Visibility';
import { readVisibleRefs } from '../visibility/Visibility';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import {
  annotatedAddress,
  chatOf,
  docsOf,
  otherLinksOf,
  safeAddress,
  sourceOf,
} from './entityLinks';
import { OverviewDatabase } from './OverviewDatabase';
import type { Attributes, Relation } from './OverviewDatabase';

/** Beyond it, the number says no more than 'many'. */
const MOST_IMPACT = 10_000;

const ON_CALL = 'waystone.dev/on-call';
const STACK = 'waystone.dev/stack';

interface OverviewReaderOptions {
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly database: DatabaseService;
  readonly stacks: StacksReader;
  readonly userInfo: UserInfoService;
  readonly visible: VisibleEntities;
}

/** A neighbour that is shown: it exists and may be seen, or it is missing. */
interface Neighbour {
  readonly entityRef: string;
  readonly via?: string;
}

/** What surrounds an entity: its owner, its system, what it needs and who needs it. */
export class OverviewReader {
  readonly #options: OverviewReaderOptions;

  static create(options: OverviewReaderOptions): OverviewReader {
    return new OverviewReader(options);
  }

  private constructor(options: OverviewReaderOptions) {
    this.#options = options;
  }

  /**
   * @param entityRef - full and in lower case
   * @returns Undefined if there is no such entity for the caller. Entities that she may not see are left out
   * and not counted; what no entry exists for is marked.
   */
  async read(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<OverviewResponse | undefined> {
    const { catalog, database, stacks, visible } = this.#options;
    const entity = await catalog.getEntityByRef(entityRef, { credentials });
    if (!entity) {
      return undefined;
    }
    const knex = await database.getClient();
    const tables = new OverviewDatabase(knex);
    const [relations, walk, entry] = await Promise.all([
      tables.relationsOf(entityRef),
      walkImpact({
        knex,
        entityRef,
        direction: 'dependents',
        mostNodes: MOST_IMPACT,
      }),
      tables.entryOf(entityRef),
    ]);
    const ownerRef = relations.find(r => r.type === 'ownedBy')?.target;
    const systemRef = relations.find(
      r => r.type === 'partOf' && r.target.startsWith('system:'),
    )?.target;
    const contents = await tables.contentsOf(
      [ownerRef, systemRef].filter(ref => ref !== undefined),
    );
    const all = collectLists({
      entityRef,
      relations,
      contents,
      systemRef,
      walk,
    });
    const members = targetsOf(contents, 'hasMember', ownerRef);
    const visibility = await visible.to(credentials);
    const isShown = await readShown(
      knex,
      visibility,
      [
        ...Object.values(all).flat(),
        ...members,
        ...walk.nodes,
        ...[ownerRef, systemRef]
          .filter(ref => ref !== undefined)
          .map(ref => ({ entityRef: ref })),
      ].map(neighbour => neighbour.entityRef),
    );
    const shown = (list: readonly Neighbour[]) =>
      list.filter(({ entityRef: ref }) => isShown(ref));
    const first = Object.fromEntries(
      Object.entries(all).map(([name, list]) => [
        name,
        shown(list).slice(0, OVERVIEW_LIST_SIZE),
      ]),
    );
    const firstMembers = shown(members).slice(0, OVERVIEW_MEMBERS);
    const system =
      systemRef !== undefined && isShown(systemRef) ? systemRef : undefined;
    const listed = Object.values(first)
      .flat()
      .map(neighbour => neighbour.entityRef)
      .concat(system ?? []);
    const [owners, owner] = await Promise.all([
      tables.ownersOf(listed),
      ownerRef !== undefined && isShown(ownerRef)
        ? catalog.getEntityByRef(ownerRef, { credentials })
        : undefined,
    ]);
    const ownerRefs = [...new Set(owners.values())];
    const [attributes, mayName] = await Promise.all([
      tables.attributesOf([
        ...listed,
        ...ownerRefs,
        ...firstMembers.map(member => member.entityRef),
      ]),
      readShown(knex, visibility, ownerRefs),
    ]);
    const stack = entity.metadata.annotations?.[STACK];
    const toItem = ({ entityRef: ref, via }: Neighbour) =>
      createItem({
        entityRef: ref,
        via: via !== undefined && isShown(via) ? via : undefined,
        attributes,
        owners,
        mayName,
      });
    const list = (name: keyof typeof all): OverviewList => ({
      items: (first[name] ?? []).map(toItem),
      total: shown(all[name]).length,
    });
    return {
      entityRef,
      owner:
        ownerRef !== undefined && isShown(ownerRef)
          ? {
              ...describeOwner(ownerRef, owner),
              members: {
                items: firstMembers.map(({ entityRef: ref }) => ({
                  entityRef: ref,
                  title: titleOf(ref, attributes.get(ref)),
                  picture: safeAddress(attributes.get(ref)?.picture),
                })),
                total: shown(members).length,
              },
            }
          : undefined,
      chat: chatOf(entity) ?? chatOf(owner),
      onCall:
        annotatedAddress(entity, ON_CALL) ?? annotatedAddress(owner, ON_CALL),
      stack: stack ? await stacks.describe(stack) : undefined,
      runbook: annotatedAddress(entity, 'waystone.dev/runbook'),
      docs: docsOf(entity),
      links: otherLinksOf(entity),
      system: system
        ? {
            entity: toItem({ entityRef: system }),
            otherParts: list('otherParts'),
          }
        : undefined,
      parts: list('parts'),
      dependencies: list('dependencies'),
      dependents: list('dependents'),
      providesApis: list('providesApis'),
      consumesApis: list('consumesApis'),
      providers: list('providers'),
      consumers: list('consumers'),
      impact: {
        total: shown(walk.nodes).length,
        truncated: walk.truncated,
      },
      entry: {
        changedAt: entry.changedAt,
        refreshAt: entry.refreshAt,
        location:
          entity.metadata.annotations?.['backstage.io/managed-by-location'],
        sourceUrl: sourceOf(entity),
        orphan: entity.metadata.annotations?.['backstage.io/orphan'] === 'true',
        errors: (await this.#owns(relations, credentials))
          ? entry.errors
          : undefined,
      },
    };
  }

  async #owns(
    relations: readonly Relation[],
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const { auth, userInfo } = this.#options;
    if (!auth.isPrincipal(credentials, 'user')) {
      return false;
    }
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    return relations.some(
      ({ type, target }) =>
        type === 'ownedBy' && ownershipEntityRefs.includes(target),
    );
  }
}

/** Tells which may be shown: what the catalog has not, the entity's own file or another names anyway. */
async function readShown(
  knex: Knex,
  visibility: Visibility,
  entityRefs: readonly string[],
): Promise<(entityRef: string) => boolean> {
  if (visibility.extent === 'all') {
    return () => true;
  }
  const refs = [...new Set(entityRefs)];
  const [existing, seen] = await Promise.all([
    new OverviewDatabase(knex).existing(refs),
    readVisibleRefs(knex, visibility, refs),
  ]);
  const hidden = new Set([...existing].filter(ref => !seen.has(ref)));
  return entityRef => !hidden.has(entityRef);
}

function targetsOf(
  relations: readonly Relation[],
  type: string,
  source?: string,
): Neighbour[] {
  return relations
    .filter(r => r.type === type && (!source || r.source === source))
    .map(r => ({ entityRef: r.target }));
}

/** All that is listed, before it is known what may be seen. */
function collectLists(options: {
  entityRef: string;
  relations: readonly Relation[];
  contents: readonly Relation[];
  systemRef: string | undefined;
  walk: ImpactWalk;
}) {
  const { entityRef, relations, contents, systemRef, walk } = options;
  const providesApis = targetsOf(relations, 'providesApi');
  const apis = new Set(providesApis.map(api => api.entityRef));
  return {
    otherParts: targetsOf(contents, 'hasPart', systemRef).filter(
      part => part.entityRef !== entityRef,
    ),
    parts: targetsOf(relations, 'hasPart'),
    dependencies: targetsOf(relations, 'dependsOn'),
    dependents: [
      ...targetsOf(relations, 'dependencyOf'),
      ...walk.nodes
        .filter(node => node.depth === 2 && apis.has(node.via))
        .map(node => ({ entityRef: node.entityRef, via: node.via })),
    ],
    providesApis,
    consumesApis: targetsOf(relations, 'consumesApi'),
    providers: targetsOf(relations, 'apiProvidedBy'),
    consumers: targetsOf(relations, 'apiConsumedBy'),
  } satisfies Record<string, readonly Neighbour[]>;
}

function describeOwner(entityRef: string, owner: Entity | undefined) {
  const { kind, name } = parseEntityRef(entityRef);
  const profile = owner?.spec?.profile;
  const displayName =
    typeof profile === 'object' && profile !== null && 'displayName' in profile
      ? profile.displayName
      : undefined;
  return {
    entityRef,
    kind: owner?.kind ?? kind,
    title:
      owner?.metadata.title ??
      (typeof displayName === 'string' ? displayName : undefined) ??
      owner?.metadata.name ??
      name,
    description: owner?.metadata.description,
    exists: owner !== undefined,
  };
}

function createItem(
  options: Neighbour & {
    attributes: ReadonlyMap<string, Attributes>;
    owners: ReadonlyMap<string, string>;
    mayName: (entityRef: string) => boolean;
  },
): OverviewItem {
  const { entityRef, via, attributes, owners, mayName } = options;
  const known = attributes.get(entityRef);
  const owner = owners.get(entityRef);
  return {
    entityRef,
    title: titleOf(entityRef, known),
    kind: known?.kind ?? parseEntityRef(entityRef).kind,
    type: known?.type,
    lifecycle: known?.lifecycle,
    tier: known?.tier,
    owner:
      owner !== undefined && mayName(owner)
        ? { entityRef: owner, title: titleOf(owner, attributes.get(owner)) }
        : undefined,
    via,
    exists: known !== undefined,
  };
}

function titleOf(entityRef: string, known: Attributes | undefined): string {
  return (
    known?.title ??
    known?.displayName ??
    known?.name ??
    parseEntityRef(entityRef).name
  );
}
