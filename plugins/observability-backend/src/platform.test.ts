import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const FOLDER = join(__dirname, '../../../platform/observability');

const rulesSchema = z.object({
  kind: z.literal('PrometheusRule'),
  spec: z.object({
    groups: z.array(
      // With all that is not looked at here, as it is checked by others
      z.looseObject({
        name: z.string(),
        rules: z.array(
          z.looseObject({
            record: z.string().optional(),
            alert: z.string().optional(),
            expr: z.string(),
            labels: z.record(z.string(), z.string()).optional(),
          }),
        ),
      }),
    ),
  }),
});

const routesSchema = z.object({
  route: z.object({
    receiver: z.string(),
    routes: z.array(z.object({ receiver: z.string() })),
  }),
  receivers: z.array(z.object({ name: z.string() })),
});

function read(file: string): unknown {
  return parse(readFileSync(join(FOLDER, file), 'utf8'));
}

/** What a program says, or undefined if it is not on this machine. */
function run(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      process.stdout.write(`Not checked with ${program}: it is not here\n`);
      return undefined;
    }
    throw error;
  }
}

describe('the rules of the platform', () => {
  const { spec } = rulesSchema.parse(read('prometheus/service-rules.yaml'));
  const rules = spec.groups.flatMap(group => group.rules);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    writeFileSync(
      join(folder, 'rules.yaml'),
      stringify({ groups: spec.groups }, { lineWidth: 0 }),
    );
    copyFileSync(
      join(FOLDER, 'tests/service-rules.test.yaml'),
      join(folder, 'test.yaml'),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('record what the alerts look at', () => {
    const records = new Set(rules.flatMap(({ record }) => record ?? []));
    for (const { alert, expr } of rules) {
      for (const name of alert ? expr.match(/service:[a-z0-9_:]+/g)! : []) {
        expect(records).toContain(name);
      }
    }
    expect(
      rules.filter(({ alert }) => alert === 'ErrorBudgetBurn'),
    ).toHaveLength(4);
  });

  it('are what Prometheus accepts, and fire when they should', () => {
    const checked = run(
      'promtool',
      'check',
      'rules',
      join(folder, 'rules.yaml'),
    );
    expect(checked ?? 'SUCCESS').toContain('SUCCESS');
    const tested = run('promtool', 'test', 'rules', join(folder, 'test.yaml'));
    expect(tested ?? 'SUCCESS').toContain('SUCCESS');
  });
});

describe('the routing of alerts', () => {
  const file = join(FOLDER, 'alertmanager/alertmanager.yaml');

  it('knows its receivers', () => {
    const { receivers, route } = routesSchema.parse(
      read('alertmanager/alertmanager.yaml'),
    );
    const names = receivers.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        route.receiver,
        ...route.routes.map(({ receiver }) => receiver),
      ]),
    );
  });

  it.each([
    [['team=shop', 'severity=critical'], 'shop-on-call'],
    [['team=shop', 'severity=warning'], 'shop-chat'],
    [['severity=critical'], 'platform-on-call'],
    [['team=new', 'severity=info'], 'platform-chat'],
  ])('sends %s to %s', (labels, receiver) => {
    const told = run(
      'amtool',
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      ...labels,
    );
    expect((told ?? receiver).trim()).toBe(receiver);
  });
});
