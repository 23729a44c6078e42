import { createHash } from 'node:crypto';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';

/** The entity that many depend on. */
export const HOT_SPOT = 'component:default/hot-spot';

/** How many do. */
export const DEPENDENTS = 5_000;

const CHUNK = 1_000;

/** What each relation is called from the other side. */
const OPPOSITE: Record<string, string> = {
  dependsOn: 'dependencyOf',
  memberOf: 'hasMember',
  ownedBy: 'ownerOf',
  partOf: 'hasPart',
};

type Row = Record<string, string | Date | null>;

interface Seeded {
  readonly entity: Entity;
  readonly relations: [type: string, target: string][];
}

/** The catalog's own function, so that `search` has the rows that it would have. */
const { buildEntitySearch } = require(resolvePackagePath(
  '@backstage/plugin-catalog-backend',
  'dist/database/operations/stitcher/buildEntitySearch.cjs.js',
)) as { buildEntitySearch(id: string, entity: Entity): Row[] };

/**
 * Fills the tables of a migrated catalog as they are after everything was stitched: components with a tenth as many
 * APIs, a twentieth as many resources and systems, 10,000 people and 1,000 teams.
 */
export async function seedCatalog(
  knex: Knex,
  components: number,
  log: (line: string) => void,
): Promise<number> {
  let count = 0;
  let chunk: Seeded[] = [];
  for (const seeded of generate(components)) {
    chunk.push(seeded);
    count += 1;
    if (chunk.length === CHUNK) {
      await write(knex, chunk);
      chunk = [];
    }
    if (count % 20_000 === 0) {
      log(`${count} entities`);
    }
  }
  await write(knex, chunk);
  await knex.raw('vacuum analyze');
  return count;
}

function* generate(components: number): Generator<Seeded> {
  const systems = Math.ceil(components / 20);
  for (let n = 0; n < 1_000; n++) {
    yield entityOf('Group', `team-${n}`, { type: 'team', children: [] });
  }
  for (let n = 0; n < 10_000; n++) {
    yield entityOf(
      'User',
      `person-${n}`,
      {
        memberOf: [`team-${n % 1_000}`],
        profile: { displayName: `Person ${n}` },
      },
      [['memberOf', `group:default/team-${n % 1_000}`]],
    );
  }
  for (let n = 0; n < systems; n++) {
    yield entityOf('System', `system-${n}`, { owner: `team-${n % 1_000}` }, [
      ['ownedBy', `group:default/team-${n % 1_000}`],
    ]);
  }
  for (let n = 0; n < Math.ceil(components / 10); n++) {
    yield entityOf(
      'API',
      `api-${n}`,
      {
        type: 'openapi',
        lifecycle: 'production',
        owner: `team-${n % 1_000}`,
        system: `system-${n % systems}`,
        definition: 'openapi: 3.1.0',
      },
      [
        ['ownedBy', `group:default/team-${n % 1_000}`],
        ['partOf', `system:default/system-${n % systems}`],
      ],
    );
  }
  for (let n = 0; n < Math.ceil(components / 20); n++) {
    yield entityOf(
      'Resource',
      `resource-${n}`,
      {
        type: 'database',
        owner: `team-${n % 1_000}`,
        system: `system-${n % systems}`,
      },
      [
        ['ownedBy', `group:default/team-${n % 1_000}`],
        ['partOf', `system:default/system-${n % systems}`],
      ],
    );
  }
  yield entityOf('Component', 'hot-spot', {
    type: 'service',
    lifecycle: 'production',
    owner: 'team-0',
    system: 'system-0',
  });
  for (let n = 0; n < components - 1; n++) {
    const needs =
      n < DEPENDENTS
        ? HOT_SPOT
        : `resource:default/resource-${n % Math.ceil(components / 20)}`;
    yield entityOf(
      'Component',
      `component-${n}`,
      {
        type: ['service', 'website', 'library', 'job'][n % 4],
        lifecycle: ['production', 'experimental', 'deprecated'][n % 3],
        owner: `team-${(n * 7) % 1_000}`,
        // One in fifty belongs to none
        ...(n % 50 === 0 ? {} : { system: `system-${n % systems}` }),
        dependsOn: [needs],
      },
      [
        ['ownedBy', `group:default/team-${(n * 7) % 1_000}`],
        ['dependsOn', needs],
        ...(n % 50 === 0
          ? []
          : [
              ['partOf', `system:default/system-${n % systems}`] as [
                string,
                string,
              ],
            ]),
      ],
      {
        // One in thirty has no tier, one in twenty no runbook, one in ten no docs
        ...(n % 30 === 0 ? {} : { 'waystone.dev/tier': String((n % 3) + 1) }),
        ...(n % 20 === 0 ? {} : { 'waystone.dev/runbook': '/docs/runbook' }),
        ...(n % 10 === 0 ? {} : { 'backstage.io/techdocs-ref': 'dir:.' }),
      },
    );
  }
}

function entityOf(
  kind: string,
  name: string,
  spec: NonNullable<Entity['spec']>,
  relations: [string, string][] = [],
  annotations: Record<string, string> = {},
): Seeded {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
  const location = `url:https://git.example/${name}/catalog-info.yaml`;
  return {
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: {
        name,
        namespace: 'default',
        description: `What ${name} does, in a sentence that somebody wrote once.`,
        tags:
          kind === 'Component'
            ? [
                `tag-${number % 200}`,
                `tag-${(number * 3) % 200}-x`,
                ['java', 'go', 'node'][number % 3],
              ]
            : [],
        labels: { 'example.com/cost': `centre-${number % 40}` },
        annotations: {
          'backstage.io/managed-by-location': location,
          'backstage.io/managed-by-origin-location': location,
          'backstage.io/source-location': location,
          'backstage.io/view-url': location.slice(4),
          'backstage.io/edit-url': location.slice(4),
          ...annotations,
        },
      },
      spec,
      relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
    },
    relations,
  };
}

async function write(knex: Knex, chunk: readonly Seeded[]) {
  const now = new Date();
  const due = new Date(Date.now() + 30 * 24 * 3600_000);
  const states: Row[] = [];
  const finals: Row[] = [];
  const searches: Row[] = [];
  const relations: Row[] = [];
  for (const { entity, relations: own } of chunk) {
    const ref = `${entity.kind.toLowerCase()}:default/${entity.metadata.name}`;
    const id = uuidOf(ref);
    entity.metadata.uid = id;
    entity.metadata.etag = uuidOf(`${ref} etag`);
    const text = JSON.stringify(entity);
    states.push({
      entity_id: id,
      entity_ref: ref,
      unprocessed_entity: text,
      processed_entity: text,
      errors: '[]',
      next_update_at: due,
      last_discovery_at: now,
    });
    finals.push({
      entity_id: id,
      entity_ref: ref,
      hash: entity.metadata.etag,
      final_entity: text,
      last_updated_at: now,
    });
    searches.push(...buildEntitySearch(id, entity));
    relations.push(
      ...own.flatMap(([type, target]) => [
        {
          originating_entity_id: id,
          source_entity_ref: ref,
          type,
          target_entity_ref: target,
        },
        {
          originating_entity_id: id,
          source_entity_ref: target,
          type: OPPOSITE[type],
          target_entity_ref: ref,
        },
      ]),
    );
  }
  await knex.transaction(async transaction => {
    await insert(transaction, 'refresh_state', states);
    await insert(transaction, 'final_entities', finals);
    await insert(transaction, 'search', searches);
    await insert(transaction, 'relations', relations);
  });
}

/** One statement however many rows there are. */
async function insert(knex: Knex, table: string, rows: readonly Row[]) {
  if (rows.length > 0) {
    await knex.raw(
      `insert into ${table} (${Object.keys(rows[0]).join(', ')})
       select ${Object.keys(rows[0]).join(', ')}
       from json_populate_recordset(null::${table}, ?)`,
      [JSON.stringify(rows)],
    );
  }
}

/** The same for the same text, so that two runs compare. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 4, 4, 4, 12]
    .reduce<[string[], number]>(
      ([parts, at], length) => [
        [...parts, hex.slice(at, at + length)],
        at + length,
      ],
      [[], 0],
    )[0]
    .join('-');
}
