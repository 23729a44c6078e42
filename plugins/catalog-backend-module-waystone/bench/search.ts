/* eslint-disable no-console */
/**
 * What a search costs beside Backstage's own search engine on PostgreSQL, with the same entities in the same process.
 * From the root of the repository:
 *
 *   node packages/launcher/bin/waystone-run.mjs bench search [--entities 10000,100000]
 *
 * It needs a PostgreSQL of its own: `--database <connection string>`, or one is started.
 */
import { parseArgs } from 'node:util';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { PgSearchEngine } from '@backstage/plugin-search-backend-module-pg';
import { searchQuerySchema } from '@waystone/plugin-search-common';
import type { Knex } from 'knex';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EntityChanges } from '../src/changes/EntityChanges';
import { applyWaystoneMigrations } from '../src/database/applyWaystoneMigrations';
import { SearchIndex } from '../src/search/SearchIndex';
import { VisibleEntities } from '../src/visibility/VisibleEntities';
import { SearchReader } from '../src/search/SearchReader';
import { migrateCatalog, openDatabase, startPostgres } from './database';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    entities: { type: 'string', default: '10000,100000' },
    requests: { type: 'string', default: '200' },
  },
});
const REQUESTS = Number(options.requests);
const CHANGES = 10;

const AREAS =
  'order payment inventory shipping customer catalog price search return invoice loyalty fraud stock supplier warehouse delivery checkout basket review media content identity session audit report forecast notification mail voucher tax'.split(
    ' ',
  );
const NOUNS =
  'event history state index cache gateway sync import export planner router worker scheduler projection snapshot ledger archive monitor editor viewer resolver matcher broker adapter registry store queue stream feed bridge'.split(
    ' ',
  );
const KINDS = 'service api web job library consumer'.split(' ');

const pick = (list: readonly string[], number: number) =>
  list[number % list.length];

/** Names as organisations have them, all different: each combination of words, then with a number. */
function entityOf(number: number): Entity {
  const combinations = AREAS.length * NOUNS.length * KINDS.length;
  const round = Math.floor(number / combinations);
  const name = [
    pick(AREAS, number),
    pick(NOUNS, Math.floor(number / AREAS.length)),
    pick(KINDS, Math.floor(number / AREAS.length / NOUNS.length)),
    ...(round > 0 ? [String(round)] : []),
  ].join('-');
  const api = number % 20 === 0;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: api ? 'API' : 'Component',
    metadata: {
      name,
      namespace: 'default',
      description: `Keeps the ${pick(NOUNS, number)} of every ${pick(
        AREAS,
        number * 7,
      )} and tells the ${pick(AREAS, number * 3)} of its changes.`,
      tags: [pick(NOUNS, number * 11), `stack-${number % 40}`],
    },
    spec: {
      type: api ? 'openapi' : 'service',
      lifecycle: 'production',
      owner: `team-${number % 500}`,
      ...(api && {
        definition: JSON.stringify({
          paths: {
            [`/${name}`]: { get: { summary: 'Lists them' }, post: {} },
            [`/${name}/{id}`]: { get: {}, delete: {} },
          },
        }),
      }),
    },
    relations: [
      { type: 'ownedBy', targetRef: `group:default/team-${number % 500}` },
    ],
  };
}

const refOf = (entity: Entity) =>
  `${entity.kind.toLowerCase()}:default/${entity.metadata.name}`;

async function seed(knex: Knex, count: number) {
  for (let start = 0; start < count; start += 1_000) {
    const rows = Array.from(
      { length: Math.min(1_000, count - start) },
      (_, index) => {
        const entity = entityOf(start + index);
        return { ref: refOf(entity), entity: JSON.stringify(entity) };
      },
    );
    await knex.raw(
      `with row as (select * from json_to_recordset(?) as row(ref text, entity text)), state as (
         insert into refresh_state (entity_id, entity_ref, unprocessed_entity, errors, next_update_at, last_discovery_at)
         select ref, ref, '{}', '[]', now() + interval '1 day', now() from row
       ), relation as (
         insert into relations (originating_entity_id, source_entity_ref, type, target_entity_ref)
         select ref, ref, 'ownedBy', entity::json->'relations'->0->>'targetRef' from row
       ), search as (
         insert into search (entity_id, key, value, original_value)
         select ref, 'relations.ownedby', entity::json->'relations'->0->>'targetRef', null from row
       )
       insert into final_entities (entity_id, entity_ref, final_entity, hash)
       select ref, ref, entity, md5(entity) from row`,
      [JSON.stringify(rows)],
    );
  }
  await knex.raw('vacuum analyze');
}

/** What people type: whole names, beginnings, parts, words, errors, and what is in most names. */
function questions(count: number): string[] {
  return Array.from({ length: REQUESTS }, (_, index) => {
    const { name } = entityOf((index * 7919) % count).metadata;
    const [first, second] = name.split('-');
    return [
      name,
      name.slice(0, 3),
      name.slice(0, Math.ceil(name.length / 2)),
      `${second} ${first}`,
      `${first.slice(0, 3)} ${second.slice(0, 3)}`,
      name.replace(/.(.)/, '$1'),
      `POST /${name}`,
      'service',
    ][index % 8];
  });
}

/** What is typed on the way to the first questions, letter by letter. */
function letters(count: number): string[] {
  return Array.from({ length: Math.ceil(REQUESTS / 8) }, (_, index) => {
    const { name } = entityOf((index * 7919) % count).metadata;
    return Array.from({ length: 12 }, (__, length) =>
      name.slice(0, length + 1),
    );
  }).flat();
}

async function measure(
  asked: readonly string[],
  ask: (question: string) => Promise<unknown>,
) {
  for (const question of asked.slice(0, 20)) {
    await ask(question);
  }
  const times: number[] = [];
  for (const question of asked) {
    const begin = performance.now();
    await ask(question);
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(times[Math.floor((times.length - 1) * share)] * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), worst: at(1) };
}

const seconds = (begin: number) =>
  Math.round((performance.now() - begin) / 100) / 10;

async function run(url: string, count: number) {
  const database = await openDatabase(url, `search_${count}_${Date.now()}`);
  const { knex } = database;
  const service = { getClient: async () => knex };
  const logger = mockServices.rootLogger({ level: 'error' });
  await migrateCatalog(knex);
  await applyWaystoneMigrations(knex);
  await seed(knex, count);

  const index = SearchIndex.create({ database: service, logger });
  const changes = EntityChanges.create({ database: service, logger });
  changes.subscribe(index.consumer());
  let begin = performance.now();
  await changes.start();
  const documents = async () =>
    Number(
      (
        await knex('waystone_search_documents')
          .where({ type: 'entity' })
          .count({ count: '*' })
      )[0].count,
    );
  while ((await documents()) < count) {
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  const indexed = seconds(begin);
  await knex.raw('vacuum analyze waystone_search_documents');

  const decisions = {
    everything: { result: AuthorizeResult.ALLOW },
    conditional: {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        not: {
          rule: 'OWNER',
          resourceType: 'catalog-entity',
          params: { values: ['group:default/team-7'] },
        },
      },
    },
  };
  const readerFor = (decision: object) =>
    SearchReader.create({
      database: service,
      index,
      visible: new VisibleEntities({
        permissions: {
          authorize: async () => [],
          authorizeConditional: async () => [decision as never],
        },
        permissionsRegistry: {
          getPermissionRuleset: () => ({
            getRuleByName: () =>
              ({
                toQuery: ({ values }: { values: string[] }) => ({
                  key: 'relations.ownedBy',
                  values,
                }),
              } as never),
          }),
        } as never,
      }),
    });
  const credentials = mockCredentials.user();
  const reader = readerFor(decisions.everything);
  const restricted = readerFor(decisions.conditional);
  const search = (from: SearchReader, more: object) => (q: string) =>
    from.search(searchQuerySchema.parse({ q, ...more }), credentials);
  const asked = questions(count);
  const result = {
    entities: count,
    indexedSeconds: indexed,
    search: await measure(asked, search(reader, {})),
    searchConditional: await measure(asked, search(restricted, {})),
    palette: await measure(letters(count), search(reader, { perGroup: 5 })),
    paletteConditional: await measure(
      letters(count),
      search(restricted, { perGroup: 5 }),
    ),
    hostile: await measure(
      Array.from(
        { length: 20 },
        (_, at) =>
          ['(a+)+$ service '.repeat(600), 'x'.repeat(10_000), '%_%service'][
            at % 3
          ],
      ),
      search(reader, {}),
    ),
    exactFirst: 0,
    changeToFoundMs: { p50: 0, worst: 0 },
    stock: { indexedSeconds: 0, search: { p50: 0, p95: 0, worst: 0 } },
    stockExactFirst: 0,
  };

  const found: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const entity = entityOf((change * 31) % count);
    entity.metadata.title = `Renamed ${change} zyx${change}`;
    begin = performance.now();
    await knex('final_entities')
      .where({ entity_ref: refOf(entity) })
      .update({
        final_entity: JSON.stringify(entity),
        hash: `changed ${change}`,
      });
    while (
      !(await search(reader, {})(`zyx${change}`)).items.some(
        ({ title }) => title === entity.metadata.title,
      )
    ) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    found.push(Math.round(performance.now() - begin));
  }
  await changes.stop();
  found.sort((a, b) => a - b);
  result.changeToFoundMs = {
    p50: found[Math.floor(CHANGES / 2)],
    worst: found[CHANGES - 1],
  };

  const stock = await openDatabase(url, `stock_${count}_${Date.now()}`);
  const engine = await PgSearchEngine.fromConfig(
    mockServices.rootConfig({ data: {} }),
    { database: { getClient: async () => stock.knex }, logger },
  );
  begin = performance.now();
  await pipeline(
    Readable.from(
      (function* documentsOf() {
        for (let number = 0; number < count; number++) {
          const { kind, metadata, spec = {} } = entityOf(number);
          yield {
            title: metadata.name,
            text: metadata.description,
            location: `/catalog/default/${kind.toLowerCase()}/${metadata.name}`,
            kind,
            namespace: 'default',
            componentType: spec.type,
            type: spec.type,
            lifecycle: spec.lifecycle,
            owner: spec.owner,
          };
        }
      })(),
    ),
    await engine.getIndexer('software-catalog'),
  );
  result.stock.indexedSeconds = seconds(begin);
  await stock.knex.raw('vacuum analyze');
  const askStock = (term: string) => engine.query({ term, pageLimit: 25 });
  result.stock.search = await measure(asked, askStock);

  const names = Array.from(
    { length: 50 },
    (_, at) => entityOf((at * 7919) % count).metadata.name,
  );
  for (const name of names) {
    // The first ten entities have got a title by now
    const [ours] = (await search(reader, {})(name)).items;
    result.exactFirst += ours?.entityRef?.endsWith(`/${name}`) ? 1 : 0;
    const [theirs] = (await askStock(name)).results;
    result.stockExactFirst += theirs?.document.title === name ? 1 : 0;
  }
  await database.close();
  await stock.close();
  return result;
}

async function main() {
  const postgres = options.database
    ? { url: options.database, stop: async () => {} }
    : await startPostgres();
  try {
    for (const count of options.entities!.split(',').map(Number)) {
      console.log(JSON.stringify(await run(postgres.url, count), null, 2));
    }
  } finally {
    await postgres.stop();
  }
}

main().then(
  () => process.exit(),
  error => {
    console.error(error);
    process.exit(1);
  },
);
