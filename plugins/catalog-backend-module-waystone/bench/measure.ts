/* eslint-disable no-console */
/**
 * What the pages of the catalog cost beside the stock catalog, with the same data in the same process. From the root of
 * the repository:
 *
 *   node packages/launcher/bin/waystone-run.mjs bench catalog [--components 10000,100000] [--ingest 2000]
 *
 * It needs a PostgreSQL of its own: `--database <connection string>`, or one is started.
 */
import { parseArgs } from 'node:util';
import { mockCredentials } from '@backstage/backend-test-utils';
import { migrateCatalog, openDatabase, startPostgres } from './database';
import { measureIngestion } from './measureIngestion';
import { HOT_SPOT, seedCatalog } from './seedCatalog';
import { startCatalog, untilIdle } from './startCatalog';
import { migrateListing } from '../src/listing/ListingTable';

const { values: options } = parseArgs({
  options: {
    components: { type: 'string', default: '10000,100000' },
    database: { type: 'string' },
    ingest: { type: 'string', default: '2000' },
    /** Only what has this in its name. */
    only: { type: 'string', default: '' },
    requests: { type: 'string', default: '40' },
  },
});
const REQUESTS = Number(options.requests);
const chosen = ({ name }: Case) => name.includes(options.only);

interface Case {
  readonly name: string;
  readonly stock?: string;
  readonly ours: string;
}

const listing = '/api/catalog/waystone/listing';
const byQuery =
  '/api/catalog/entities/by-query?filter=kind=component&limit=25&orderField=metadata.name,asc';
const facets = '/api/catalog/entity-facets?filter=kind=component&facet=';
const nameFields =
  'fullTextFilterFields=metadata.name,metadata.title,spec.profile.displayName';

const CASES: readonly Case[] = [
  { name: 'Index page', stock: byQuery, ours: `${listing}?kind=component` },
  {
    name: 'Index page of one owner',
    stock: byQuery.replace(
      'kind=component',
      'kind=component,relations.ownedBy=group:default/team-7',
    ),
    ours: `${listing}?kind=component&owner=group:default/team-7`,
  },
  {
    name: 'Index page by part of a name',
    stock: `${byQuery}&fullTextFilterTerm=nt-777&${nameFields}`,
    ours: `${listing}?kind=component&q=nt-777`,
  },
  {
    name: 'Index page sorted by owner',
    stock: byQuery.replace('metadata.name', 'relations.ownedBy'),
    ours: `${listing}?kind=component&sort=owner`,
  },
  {
    name: 'Last index page',
    ours: `${listing}?kind=component&offset=OFFSET`,
  },
  {
    name: 'Owner picker',
    stock: `${facets}relations.ownedBy`,
    ours: `${listing}/values/owner?kind=component`,
  },
  {
    name: 'Tag picker',
    stock: `${facets}metadata.tags`,
    ours: `${listing}/values/tag?kind=component`,
  },
  {
    name: 'Type picker',
    stock: `${facets}spec.type`,
    ours: `${listing}/values/type?kind=component`,
  },
  { name: 'With problems', ours: `${listing}?kind=component&problems=yes` },
  { name: 'All problems', ours: '/api/catalog/waystone/problems' },
  {
    name: 'Impact of a component that 5,000 need',
    ours: `/api/catalog/waystone/impact/${HOT_SPOT.replace(':', '/')}`,
  },
];

async function main() {
  const postgres = options.database
    ? { url: options.database, stop: async () => {} }
    : await startPostgres();
  try {
    for (const components of options.components.split(',').filter(Boolean)) {
      await measurePages(postgres.url, Number(components));
    }
    if (Number(options.ingest) > 0) {
      const rates = await measureIngestion(
        postgres.url,
        Number(options.ingest),
      );
      console.log(
        `Ingestion, ${
          options.ingest
        } components to stitched: stock ${rates.stock.toFixed(
          0,
        )}/s, Waystone ${rates.waystone.toFixed(0)}/s`,
      );
    }
  } finally {
    await postgres.stop();
  }
}

async function measurePages(url: string, components: number) {
  const database = await openDatabase(url, `bench_${components}`);
  try {
    await migrateCatalog(database.knex);
    await migrateListing(database.knex);
    const [{ count }] = await database
      .knex('final_entities')
      .count({ count: '*' });
    if (Number(count) < components) {
      console.log(`Seeding ${components} components …`);
      await seedCatalog(database.knex, components, line =>
        console.log(`  ${line}`),
      );
    }
    const catalog = await startCatalog({ knex: database.knex });
    try {
      await untilIdle(database.knex);
      await database.knex.raw('vacuum analyze');
      const changed = () =>
        database.knex.raw(`select nextval('waystone_listing_version')`);
      console.log(
        `\n${components} components (ms, p50 / p95 of ${REQUESTS}; the last column: while the catalog changes all the time)`,
      );
      console.log('| what | stock | Waystone | changing |');
      console.log('| --- | ---: | ---: | ---: |');
      for (const { name, ours, stock } of CASES.filter(chosen)) {
        const address = ours.replace('OFFSET', String(components - 25));
        const figures = [
          stock ? await timesOf(catalog.url + stock) : '–',
          await timesOf(catalog.url + address),
          address.startsWith(listing)
            ? await timesOf(catalog.url + address, changed)
            : '–',
        ];
        console.log(`| ${name} | ${figures.join(' | ')} |`);
      }
      for (const { name, stock, ours } of [CASES[0], CASES[5]].filter(chosen)) {
        console.log(
          `| ${name}, 4 at a time | ${await rateOf(
            catalog.url + stock!,
          )} | ${await rateOf(catalog.url + ours)} | – |`,
        );
      }
    } finally {
      await catalog.stop();
    }
  } finally {
    await database.close();
  }
}

async function ask(url: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url, {
    headers: { Authorization: mockCredentials.user.header() },
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${url}: ${response.status} ${text.slice(0, 500)}`);
  }
  return performance.now() - start;
}

async function timesOf(
  url: string,
  before?: () => Promise<unknown>,
): Promise<string> {
  await ask(url);
  await ask(url);
  const times: number[] = [];
  for (let run = 0; run < REQUESTS; run++) {
    await before?.();
    times.push(await ask(url));
  }
  return describeTimes(times);
}

async function rateOf(url: string): Promise<string> {
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let run = 0; run < REQUESTS / 4; run++) {
        times.push(await ask(url));
      }
    }),
  );
  return describeTimes(times);
}

function describeTimes(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return `${at(0.5).toFixed(1)} / ${at(0.95).toFixed(1)}`;
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
