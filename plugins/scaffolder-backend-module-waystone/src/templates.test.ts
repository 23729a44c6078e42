import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { parseAllDocuments } from 'yaml';
import { createCompileAction } from './actions/createCompileAction';
import { readGoldenPathConfig } from './config/GoldenPathConfig';
import { runAction } from './__testUtils__/runAction';

// eslint-disable-next-line no-restricted-syntax
const templates = resolve(__dirname, '../../../templates');
const withTools = process.env.WAYSTONE_TEST_TEMPLATES === '1';

const config = new ConfigReader({
  waystone: {
    environments: [
      { name: 'development', cluster: 'nonprod' },
      { name: 'production', cluster: 'prod' },
    ],
  },
});

const least = {
  name: 'least-service',
  description: 'A "quoted" text: with {braces} # and more.',
  owner: 'group:default/orders',
  ownerName: 'orders',
  system: 'system:default/ordering',
  systemName: 'ordering',
  tier: '3',
  database: 'none',
  databaseSize: 'small',
  cache: 'none',
  queue: 'none',
  exposure: 'internal',
  size: 'small',
  availability: '99',
};

const most = {
  ...least,
  name: 'most-service',
  tier: '1',
  database: 'postgresql',
  databaseSize: 'large',
  cache: 'redis',
  queue: 'rabbitmq',
  exposure: 'public',
  size: 'large',
  availability: '99.95',
};

describe.each([
  ['the least', least],
  ['the most', most],
])('nodejs-service with %s', (_, values) => {
  const directory = createMockDirectory();
  const temporary = createMockDirectory();
  const workspacePath = directory.path;
  let files: string[];
  let infrastructure: unknown[];
  const read = (path: string) =>
    readFileSync(join(workspacePath, path), 'utf8');

  beforeAll(async () => {
    const root = new ConfigReader({});
    await createFetchTemplateAction({
      integrations: ScmIntegrations.fromConfig(root),
      reader: UrlReaders.default({
        config: root,
        logger: mockServices.logger.mock(),
      }),
    }).handler({
      input: {
        url: './skeleton',
        copyWithoutTemplating: ['.github/workflows/*', '.gitea/workflows/*'],
        values,
      },
      templateInfo: {
        baseUrl: `file://${templates}/nodejs-service/template.yaml`,
      },
      workspacePath,
      logger: mockServices.logger.mock(),
      createTemporaryDirectory: async () => temporary.path,
      output: () => {},
    } as never);
    const { output } = await runAction(
      createCompileAction(readGoldenPathConfig(config)),
      {
        workspacePath,
        input: {
          request: 'service-request.yaml',
          infrastructure: 'request',
        },
      },
    );
    infrastructure = output.infrastructure as unknown[];
    files = list(workspacePath);
  });

  it('has all that a repository needs', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '.editorconfig',
        '.gitea/workflows/ci.yaml',
        '.github/workflows/ci.yaml',
        'CODEOWNERS',
        'Dockerfile',
        'catalog-info.yaml',
        'deploy/application.yaml',
        'deploy/development/deployment.yaml',
        'deploy/production/prometheus-rule.yaml',
        'docs/runbook.md',
        'mkdocs.yml',
        'package-lock.json',
        'src/main.ts',
        'test/createApp.test.ts',
      ]),
    );
    expect(files).not.toContain('service-request.yaml');
    expect(infrastructure).toHaveLength(values === most ? 6 : 0);
  });

  it('is well-formed, and nothing of the template is left', () => {
    expect(files.flatMap(file => mistakesIn(file, read(file)))).toEqual([]);
    expect(read('.github/workflows/ci.yaml')).toContain(
      '${{ secrets.REGISTRY_PASSWORD }}',
    );
    expect(JSON.parse(read('package.json')).description).toBe(
      values.description,
    );
    const [entity] = parseAllDocuments(read('catalog-info.yaml'));
    expect(entity.toJS()).toMatchObject({
      metadata: {
        name: values.name,
        description: values.description,
        annotations: { 'waystone.dev/template': 'nodejs-service' },
      },
      spec: { owner: values.owner, system: values.system },
    });
  });

  (withTools ? describe : describe.skip)(
    `its own checks${
      withTools ? '' : ' (skipped: WAYSTONE_TEST_TEMPLATES is not 1)'
    }`,
    () => {
      it.each([
        ['npm', 'ci', '--no-audit', '--no-fund'],
        ['npm', 'run', 'tsc'],
        ['npm', 'test'],
      ])(
        'pass: %s %s',
        (...words) => {
          const [command, ...args] = words.filter(Boolean);
          const { status, stdout, stderr } = spawnSync(command, args, {
            cwd: workspacePath,
            encoding: 'utf8',
          });
          expect([status, status === 0 ? '' : stdout + stderr]).toEqual([
            0,
            '',
          ]);
        },
        180_000,
      );
    },
  );
});

/** What does not parse, and what the template should have replaced. */
function mistakesIn(file: string, text: string): string[] {
  const mistakes: string[] = [];
  if (/\.ya?ml$/.test(file)) {
    for (const document of parseAllDocuments(text)) {
      const errors = 'errors' in document ? document.errors : [];
      mistakes.push(...errors.map(error => `${file}: ${error.message}`));
    }
  } else if (file.endsWith('.json')) {
    try {
      JSON.parse(text);
    } catch (error) {
      mistakes.push(`${file}: ${error}`);
    }
  }
  // Workflows have expressions of their own
  if (!file.includes('workflows/') && /\$\{\{|\{%/.test(text)) {
    mistakes.push(`${file}: something of the template is left`);
  }
  return mistakes;
}

function list(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder))
    .sort()
    .flatMap(name => {
      const path = folder === '' ? name : `${folder}/${name}`;
      return statSync(join(root, path)).isDirectory()
        ? list(root, path)
        : [path];
    });
}
