/* eslint-disable no-console */
/**
 * What documentation builds cost. From the root of the repository:
 *
 *   npm run bench -- docs [--site <folder>] [--mkdocs <program>]
 *
 * Without `--site`, a site of 455 pages is made. With `--mkdocs`, MkDocs builds the same site in the same run.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ConfigReader } from '@backstage/config';
import { Publisher } from '@backstage/plugin-techdocs-node';
import { fingerprintSite, RenderPool } from '@waystone/docs-renderer';
import express from 'express';
import { PublishedSite } from '../src/publisher/PublishedSite';

const PAGES = 455;
const EDITS = 15;
const READS = 500;

const { values: options } = parseArgs({
  options: { site: { type: 'string' }, mkdocs: { type: 'string' } },
});

function pageText(number: number): string {
  const sections = Array.from(
    { length: 8 },
    (_, section) =>
      `## Section ${section}\n\n${'Some words about orders and how they are made. '.repeat(
        12,
      )}\n\n- a [link](page-${
        (number * 7 + section) % 40
      }.md)\n- **b** and \`c\`\n\n` +
      `\`\`\`yaml\nname: order-${section}\nvalue: ${number}\n\`\`\`\n\n` +
      `!!! note\n    Something to know.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`,
  );
  return `# Page ${number}\n\n${sections.join('\n')}`;
}

async function makeSite(root: string, pages: number): Promise<void> {
  await fs.mkdir(path.join(root, 'docs'), { recursive: true });
  await fs.writeFile(
    path.join(root, 'mkdocs.yml'),
    'site_name: Bench\nplugins: [techdocs-core]\n',
  );
  for (let page = 0; page < pages; page++) {
    const name = page === 0 ? 'index.md' : `page-${page}.md`;
    await fs.writeFile(path.join(root, 'docs', name), pageText(page));
  }
}

function percentile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((left, right) => left - right);
  const index = Math.min(Math.floor(sorted.length * part), sorted.length - 1);
  return `${sorted[index].toFixed(1)} ms`;
}

const describe = (values: readonly number[]) =>
  `p50 ${percentile(values, 0.5)}, p95 ${percentile(values, 0.95)}`;

async function timed<T>(run: () => Promise<T>): Promise<[number, T]> {
  const begin = performance.now();
  const result = await run();
  return [performance.now() - begin, result];
}

async function measureMkdocs(root: string, work: string): Promise<void> {
  if (!options.mkdocs) return;
  const output = path.join(work, 'mkdocs');
  const [milliseconds] = await timed(() =>
    promisify(execFile)(options.mkdocs!, ['build', '-q', '-d', output], {
      cwd: root,
    }),
  );
  console.log(`MkDocs, the same site: ${(milliseconds / 1000).toFixed(1)} s`);
  await fs.rm(output, { recursive: true });
}

/** The same pages with other words: none is known, while the threads are as they are in a portal that builds now and then. */
async function measureRunning(
  pool: RenderPool,
  root: string,
  work: string,
): Promise<void> {
  const copy = path.join(work, 'other-words');
  await fs.cp(root, copy, { recursive: true });
  const names = await fs.readdir(copy, { recursive: true });
  for (const name of names.filter(each => each.endsWith('.md'))) {
    await fs.appendFile(path.join(copy, name), `\n\nIn other words: ${name}\n`);
  }
  const [milliseconds, { pages }] = await timed(() =>
    pool.build({ root: copy, outputDir: path.join(work, 'other-output') }),
  );
  console.log(
    `${pages} pages, nothing known of them, threads running: ${(
      milliseconds / 1000
    ).toFixed(2)} s`,
  );
}

/** As the portal builds a folder that a page of has changed: look, render, publish. */
async function measureSite(
  pool: RenderPool,
  root: string,
  work: string,
): Promise<void> {
  const site = new PublishedSite(path.join(work, 'published/default/x/y'));
  let first = true;
  const build = async () => {
    await fingerprintSite(root);
    const outputDir = await fs.mkdtemp(path.join(work, 'output-'));
    const published = await site.knownFiles();
    const report = await pool.build({
      root,
      outputDir,
      published,
      linkFiles: true,
      etag: String(Math.random()),
    });
    await site.publish(outputDir, report.outputs, first);
    first = false;
    await fs.rm(outputDir, { recursive: true });
    return report;
  };
  const [cold, { pages }] = await timed(build);
  console.log(
    `${pages} pages, cold, threads included: ${(cold / 1000).toFixed(2)} s`,
  );
  const file = path.join(root, 'docs/index.md');
  const text = await fs.readFile(file, 'utf8');
  const edits: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    await fs.writeFile(file, `${text}\n\nEdit ${edit}\n`);
    edits.push((await timed(build))[0]);
  }
  await fs.writeFile(file, text);
  console.log(`One page of them changed, to published: ${describe(edits)}`);
}

async function measureReads(work: string): Promise<void> {
  const publisher = await Publisher.fromConfig(
    new ConfigReader({
      techdocs: {
        publisher: {
          type: 'local',
          local: { publishDirectory: path.join(work, 'published') },
        },
      },
    }),
    {
      logger: console as never,
      discovery: {
        getBaseUrl: async () => '',
        getExternalBaseUrl: async () => '',
      },
    },
  );
  const server = http.createServer(express().use(publisher.docsRouter()));
  await new Promise<void>(resolve => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const reads: number[] = [];
  for (let read = 0; read < READS; read++) {
    const [milliseconds] = await timed(async () => {
      const answer = await fetch(
        `http://localhost:${port}/default/x/y/index.html`,
      );
      if (!answer.ok) throw new Error(`The page was answered ${answer.status}`);
      await answer.text();
    });
    reads.push(milliseconds);
  }
  console.log(`A read of a page from the server: ${describe(reads)}`);
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
}

/** Sites that are built at once, by when they are finished. */
async function measureFairness(pool: RenderPool, work: string): Promise<void> {
  const roots = Array.from({ length: 20 }, (_, site) =>
    path.join(work, `site-${site}`),
  );
  for (const root of roots) await makeSite(root, 50);
  const begin = performance.now();
  const ends = await Promise.all(
    roots.map(async (root, site) => {
      await pool.build({
        root,
        outputDir: path.join(work, `site-out-${site}`),
      });
      return performance.now() - begin;
    }),
  );
  console.log(
    `20 sites of 50 pages at once: first finished after ${Math.min(
      ...ends,
    ).toFixed(0)} ms, last after ${Math.max(...ends).toFixed(0)} ms`,
  );
}

async function main(): Promise<void> {
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'waystone-bench-'));
  try {
    let root = path.join(work, 'site');
    if (options.site) {
      await fs.cp(path.resolve(options.site), root, { recursive: true });
    } else await makeSite(root, PAGES);
    root = await fs.realpath(root);
    console.log(
      `${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}`,
    );
    await measureMkdocs(root, work);
    const before = process.memoryUsage().rss;
    const pool = new RenderPool();
    await measureSite(pool, root, work);
    await measureRunning(pool, root, work);
    const peak = process.resourceUsage().maxRSS * 1024 - before;
    console.log(
      `Memory of the threads at most, beside the portal's own: ${Math.round(
        peak / 1024 / 1024,
      )} MB`,
    );
    await pool.close();
    await measureReads(work);
    const fresh = new RenderPool();
    await measureFairness(fresh, work);
    await fresh.close();
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
