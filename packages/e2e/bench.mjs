import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureFresh } from './bench/fresh.mjs';
import { renderReport, writeReport } from './bench/report.mjs';
import { measureStock } from './bench/stock.mjs';
import { measureWaystone } from './bench/waystone.mjs';

const USAGE = `Usage: yarn bench [--fresh] [--stock <folder>] [--runs 3] [--write]

  --fresh           also measures from a fresh clone to the first page (needs a package registry)
  --stock <folder>  also measures an app of @backstage/create-app, installed and built, in the same way
  --runs <number>   of which the median is shown; 3 by default
  --write           puts the table into docs/benchmarks.md`;

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

async function main() {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean' },
      stock: { type: 'string' },
      runs: { type: 'string', default: '3' },
      write: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`--runs '${values.runs}' is not a number of runs`);
  }
  const options = {
    repo,
    runs,
    idleMs: 30_000,
    log: line => console.log(`› ${line}`),
  };
  const waystone = await measureWaystone(options);
  options.log(`Waystone: ${JSON.stringify(waystone)}`);
  const stock =
    values.stock &&
    (await measureStock({ ...options, folder: resolve(values.stock) }));
  const fresh = values.fresh ? await measureFresh(options) : undefined;
  const report = renderReport({
    waystone,
    stock,
    fresh,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: repo,
      encoding: 'utf8',
    }).trim(),
    date: new Date().toISOString().slice(0, 10),
  });
  console.log(`\n${report}\n`);
  if (values.write) {
    const file = join(repo, 'docs/benchmarks.md');
    await writeReport(file, report);
    execFileSync(process.execPath, [
      join(repo, 'node_modules/prettier/bin-prettier.js'),
      '--write',
      file,
    ]);
    console.log('Written to docs/benchmarks.md');
  }
}

main().catch(error => {
  console.error(`✗ ${error.message}\n\n${USAGE}`);
  process.exit(1);
});
