/**
 * How long hostile skeletons hold up everybody else: the delay of the event loop while the scaffolder's own action renders them,
 * as it is, and with `limited` as the portal has it.
 *
 * Run from the root: node --require ./node_modules/@backstage/cli/config/nodeTransform.cjs
 * plugins/scaffolder-backend-module-waystone/bench/hostileTemplates.ts [limited]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { limitRendering } from '../src/rendering/limitRendering';

/** As many files of each has the skeleton. */
const FILES = 3;

const SKELETONS: Readonly<Record<string, string>> = {
  'nothing hostile': 'Hello ${{ values.name }}',
  'loops in loops':
    '{% for i in range(0,999) %}{% for j in range(0,999) %}x{% endfor %}{% endfor %}',
  'replace in a long text, in a loop':
    '{% for i in range(0,1500) %}{% set x = values.long | replace("a", "b") %}{% endfor %}',
  'a long text as a list, in a loop':
    '{% for i in range(0,300) %}{% set x = values.long | list %}{% endfor %}',
  'a regular expression':
    '${{ "aaaaaaaaaaaaaaaaaaaaaaaaaa!" | replace(r/(a+)+$/, "") }}',
  'twelve thousand expressions': '${{ 1 }}'.repeat(12_000),
};

const silent = () => {};
const logger: LoggerService = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => logger,
};

async function measure(root: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(root, 'run-'));
  await mkdir(join(folder, 'skeleton'));
  await mkdir(join(folder, 'workspace'));
  for (let index = 0; index < FILES; index += 1) {
    await writeFile(join(folder, 'skeleton', `${index}.txt`), text);
  }
  const config = new ConfigReader({});
  const action = createFetchTemplateAction({
    integrations: ScmIntegrations.fromConfig(config),
    reader: UrlReaders.default({ config, logger }),
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await pause(1_000);
  const start = performance.now();
  let outcome = 'rendered';
  try {
    await action.handler({
      input: {
        url: './skeleton',
        values: { name: 'a', long: 'ab '.repeat(5_000) },
      },
      logger,
      workspacePath: join(folder, 'workspace'),
      createTemporaryDirectory: () => mkdtemp(join(folder, 'temporary-')),
      templateInfo: {
        entityRef: 'template:default/hostile',
        baseUrl: `file://${folder}/template.yaml`,
      },
    } as unknown as Parameters<typeof action.handler>[0]);
  } catch (error) {
    outcome = `refused: ${(error as Error).message.slice(0, 60)}`;
  }
  const took = performance.now() - start;
  await pause(10);
  delay.disable();
  const milliseconds = (value: number) => value.toFixed(0).padStart(6);
  return [
    `${milliseconds(took)} ms`,
    `delay p99 ${milliseconds(delay.percentile(99) / 1e6)} ms`,
    `longest ${milliseconds(delay.max / 1e6)} ms`,
    outcome,
  ].join(', ');
}

async function main() {
  if (process.argv.includes('limited')) {
    limitRendering();
  }
  const root = await mkdtemp(join(tmpdir(), 'hostile-templates-'));
  try {
    for (const [name, text] of Object.entries(SKELETONS)) {
      process.stdout.write(`${name.padEnd(36)} ${await measure(root, text)}\n`);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
