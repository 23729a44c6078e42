/* eslint-disable no-console */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DATA_START, writeOpenMetrics } from './dataSet';
import { PROOF_QUERIES } from './expressions';
import type { ProofQuery } from './expressions';

/**
 * Asks a real Prometheus all queries of the proof and writes its answers beside this file.
 *
 * Run it with the paths of the two programs in `WAYSTONE_TEST_PROMETHEUS_BINARY` and
 * `WAYSTONE_TEST_PROMTOOL_BINARY`:
 *
 *     node --require @backstage/cli/config/nodeTransform.cjs recordGoldens.ts
 */
async function record() {
  const server = requireVariable('WAYSTONE_TEST_PROMETHEUS_BINARY');
  const tool = requireVariable('WAYSTONE_TEST_PROMTOOL_BINARY');
  const folder = mkdtempSync(join(tmpdir(), 'waystone-promql-'));
  try {
    writeFileSync(join(folder, 'data.txt'), [...writeOpenMetrics()].join(''));
    execFileSync(tool, [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      join(folder, 'data.txt'),
      join(folder, 'data'),
    ]);
    writeFileSync(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
    const port = await findPort();
    const child = spawn(
      server,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'inherit' },
    );
    try {
      await recordFrom(`http://127.0.0.1:${port}`);
    } finally {
      child.kill();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function recordFrom(url: string) {
  await waitUntilReady(`${url}/-/ready`);
  const { data } = await readJson(`${url}/api/v1/status/buildinfo`);
  const answers: unknown[] = [];
  for (const query of PROOF_QUERIES) {
    answers.push({ ...query, answer: await readJson(addressOf(url, query)) });
  }
  // A script of the repository, which is never built.
  // eslint-disable-next-line no-restricted-syntax
  const file = join(__dirname, 'goldens.jsonl');
  const { version } = data as { version: string };
  const lines = [{ prometheus: version }, ...answers];
  writeFileSync(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  console.log(`${answers.length} answers written to ${file}`);
}

function addressOf(url: string, { query, at, range }: ProofQuery): string {
  const seconds = (offset: number) => String(DATA_START / 1000 + offset);
  const parameters = new URLSearchParams({ query });
  if (!range) {
    parameters.set('time', seconds(at!));
    return `${url}/api/v1/query?${parameters}`;
  }
  parameters.set('start', seconds(range[0]));
  parameters.set('end', seconds(range[1]));
  parameters.set('step', String(range[2]));
  return `${url}/api/v1/query_range?${parameters}`;
}

async function readJson(url: string): Promise<{ data?: unknown }> {
  const response = await fetch(url);
  return (await response.json()) as { data?: unknown };
}

async function waitUntilReady(url: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      if ((await fetch(url)).ok) {
        return;
      }
    } catch (error) {
      if (attempt > 100) {
        throw error;
      }
    }
    await wait(200);
  }
}

async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`Set ${name} to the path of the program`);
  }
  return value;
}

record().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
