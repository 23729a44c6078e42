import type {
  BackstageCredentials,
  DatabaseService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  ImpactItem,
  ImpactQuery,
  ImpactResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { readVisibleRefs } from '../visibility/Visibility';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { walkImpact } from './ImpactGraph';
import type { ImpactNode } from './ImpactGraph';

/** What is read of an entity as the catalog stores it. */
const storedEntitySchema = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    title: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z
    .object({
      type: z.string().optional().catch(undefined),
      lifecycle: z.string().optional().catch(undefined),
    })
    .optional(),
  relations: z
    .array(z.object({ type: z.string(), targetRef: z.string() }))
    .optional(),
});

interface ImpactReaderOptions {
  readonly catalog: CatalogService;
  readonly database: DatabaseService;
  readonly visible: VisibleEntities;
}

/** What would break with an entity, and what it needs. */
export class ImpactReader {
  readonly #options: ImpactReaderOptions;

  static create(options: ImpactReaderOptions): ImpactReader {
    return new ImpactReader(options);
  }

  private constructor(options: ImpactReaderOptions) {
    this.#options = options;
  }

  /**
   * @param entityRef - full and in lower case
   * @returns Undefined if there is no such entity for the caller. Entities that she may not see are left out
   * and not counted.
   */
  async read(
    entityRef: string,
    query: ImpactQuery,
    credentials: BackstageCredentials,
  ): Promise<ImpactResponse | undefined> {
    const { catalog, database } = this.#options;
    if (!(await catalog.getEntityByRef(entityRef, { credentials }))) {
      return undefined;
    }
    const knex = await database.getClient();
    const walk = await walkImpact({
      knex,
      entityRef,
      direction: query.direction,
    });
    const nodes = await this.#visible(knex, walk.nodes, credentials);
    const owners = await readOwners(knex, nodes);
    const matching = nodes.filter(node =>
      matches(node, owners.get(node.entityRef), query),
    );
    const page = matching.slice(query.cursor, query.cursor + query.limit);
    const end = query.cursor + page.length;
    return {
      items: await readItems(knex, page),
      totalItems: matching.length,
      pageInfo: end < matching.length ? { nextCursor: String(end) } : {},
      summary: {
        total: nodes.length,
        // What two teams own is the business of both
        owners: count<string | undefined>(
          nodes.flatMap<string | undefined>(
            node => owners.get(node.entityRef) ?? [undefined],
          ),
        ).map(([owner, total]) => ({ entityRef: owner, count: total })),
        kinds: count(nodes.map(node => kindOf(node.entityRef))).map(
          ([kind, total]) => ({ kind, count: total }),
        ),
        depths: count(nodes.map(node => node.depth))
          .map(([depth, total]) => ({ depth, count: total }))
          .sort((a, b) => a.depth - b.depth),
        cyclic: walk.cyclic,
        truncated: walk.truncated,
      },
    };
  }

  /** Without what the caller may not see; what is missing is seen by who sees everything. */
  async #visible(
    knex: Knex,
    nodes: readonly ImpactNode[],
    credentials: BackstageCredentials,
  ): Promise<readonly ImpactNode[]> {
    const visibility = await this.#options.visible.to(credentials);
    if (visibility.extent === 'all') {
      return nodes;
    }
    const refs = await readVisibleRefs(
      knex,
      visibility,
      nodes.map(node => node.entityRef),
    );
    return nodes.filter(node => refs.has(node.entityRef));
  }
}

function matches(
  node: ImpactNode,
  owners: readonly string[] | undefined,
  query: ImpactQuery,
): boolean {
  const ref = node.entityRef;
  return Boolean(
    (!query.owner ||
      owners?.includes(query.owner.toLocaleLowerCase('en-US'))) &&
      (!query.kind || kindOf(ref) === query.kind.toLocaleLowerCase('en-US')) &&
      (!query.q || ref.includes(query.q.trim().toLocaleLowerCase('en-US'))),
  );
}

function kindOf(entityRef: string): string {
  return entityRef.slice(0, entityRef.indexOf(':'));
}

/** Values with how often they occur, the most frequent first. */
function count<V>(values: readonly V[]): [value: V, count: number][] {
  const counts = new Map<V, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

async function readOwners(
  knex: Knex,
  nodes: readonly ImpactNode[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows: { source: string; target: string }[] = await knex('relations')
    .select({ source: 'source_entity_ref', target: 'target_entity_ref' })
    .whereRaw('source_entity_ref = any(?)', [nodes.map(node => node.entityRef)])
    .where({ type: 'ownedBy' });
  const owners = new Map<string, string[]>();
  for (const { source, target } of rows) {
    owners.set(source, [...(owners.get(source) ?? []), target]);
  }
  return owners;
}

async function readItems(
  knex: Knex,
  nodes: readonly ImpactNode[],
): Promise<ImpactItem[]> {
  const rows: { ref: string; entity: string | null }[] = await knex(
    'final_entities',
  )
    .select({ ref: 'entity_ref', entity: 'final_entity' })
    .whereRaw('entity_ref = any(?)', [nodes.map(node => node.entityRef)]);
  const entities = new Map(rows.map(({ ref, entity }) => [ref, entity]));
  return nodes.map(node => toItem(node, entities.get(node.entityRef)));
}

function toItem(node: ImpactNode, stored: string | null | undefined) {
  const { entityRef, depth, via } = node;
  const { kind, name } = parseEntityRef(entityRef);
  const entity = stored
    ? storedEntitySchema.safeParse(JSON.parse(stored)).data
    : undefined;
  const target = (type: string) =>
    entity?.relations?.find(relation => relation.type === type)?.targetRef;
  return {
    entityRef,
    depth,
    via,
    exists: entity !== undefined,
    title: entity?.metadata.title ?? entity?.metadata.name ?? name,
    kind: entity?.kind ?? kind,
    type: entity?.spec?.type,
    lifecycle: entity?.spec?.lifecycle,
    tier: entity?.metadata.annotations?.['waystone.dev/tier'],
    owner: target('ownedBy'),
    system: target('partOf'),
  };
}
