import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { parseStacks } from '@waystone/plugin-catalog-checks-common';
import { parse, parseAllDocuments } from 'yaml';
import { linkDependencies } from './__testUtils__/linkDependencies';
import {
  compileAgain,
  readTemplate,
  renderTemplate,
  TEMPLATES,
} from './__testUtils__/renderTemplate';

jest.setTimeout(60_000);

const withTools = process.env.WAYSTONE_TEST_TEMPLATES === '1';

const least = {
  name: 'least-service',
  description: 'A "quoted" text: with {braces} # and more.',
  owner: 'group:default/orders',
  system: 'system:default/ordering',
  tier: '3',
  database: 'none',
  databaseSize: 'small',
  cache: 'none',
  cacheSize: 'small',
  queue: 'none',
  queueSize: 'small',
  exposure: 'internal',
  schedule: '0 3 * * *',
  size: 'small',
  replicas: 'auto',
  availability: '99',
  latency: '500ms',
};

const most = {
  ...least,
  name: 'most-service',
  tier: '1',
  database: 'postgresql',
  databaseSize: 'large',
  cache: 'redis',
  cacheSize: 'medium',
  queue: 'rabbitmq',
  queueSize: 'large',
  exposure: 'public',
  schedule: '*/15 * * * *',
  size: 'large',
  replicas: '3',
  availability: '99.95',
  latency: '100ms',
};

const npm = [
  ['npm', 'ci', '--no-audit', '--no-fund'],
  ['npm', 'run', 'tsc'],
  ['npm', 'test'],
];

/** What a website needs a bundler for, which this repository has not. Its server is tested always, its page with npm. */
const OF_A_BUNDLER = [
  '@vitejs/plugin-react',
  'react',
  'react-dom',
  '@types/react',
  '@types/react-dom',
  'vite',
  'vitest',
];

interface Path {
  readonly name: string;
  readonly runs: boolean;
  /** How many requests for infrastructure the largest makes. */
  readonly infrastructure: number;
  readonly files: readonly string[];
  /** What builds and tests it. */
  readonly commands: readonly (readonly string[])[];
}

const PATHS: readonly Path[] = [
  {
    name: 'nodejs-service',
    runs: true,
    infrastructure: 6,
    files: ['src/main.ts', 'src/metrics.ts', 'src/tracing.ts', 'Dockerfile'],
    commands: npm,
  },
  {
    name: 'python-service',
    runs: true,
    infrastructure: 6,
    files: ['service/main.py', 'pyproject.toml', 'Dockerfile'],
    commands: [
      ['python3', '-m', 'venv', '.venv'],
      ['.venv/bin/pip', 'install', '--quiet', '.[test]'],
      ['.venv/bin/pytest', '--quiet'],
    ],
  },
  {
    name: 'java-service',
    runs: true,
    infrastructure: 6,
    files: ['pom.xml', 'src/main/java/service/NameController.java'],
    // With the JDK that is there
    commands: [['mvn', '--batch-mode', '--quiet', 'verify', jdk()]],
  },
  {
    name: 'go-service',
    runs: true,
    infrastructure: 6,
    files: ['main.go', 'go.sum', 'Dockerfile'],
    commands: [
      ['go', 'vet', './...'],
      ['go', 'test', './...'],
    ],
  },
  {
    name: 'react-website',
    runs: true,
    infrastructure: 0,
    files: ['web/src/App.tsx', 'src/main.ts', 'Dockerfile'],
    commands: [...npm, ['npm', 'run', 'build']],
  },
  {
    name: 'scheduled-job',
    runs: true,
    infrastructure: 2,
    files: ['src/work.ts', 'src/tracing.ts', 'Dockerfile'],
    commands: [...npm, ['npm', 'start']],
  },
  {
    name: 'library',
    runs: false,
    infrastructure: 0,
    files: ['src/index.ts', 'CHANGELOG.md', '.github/workflows/release.yaml'],
    commands: [...npm, ['npm', 'run', 'build']],
  },
  {
    name: 'documentation',
    runs: false,
    infrastructure: 0,
    files: [],
    commands: [],
  },
];

describe.each(
  PATHS.flatMap(path => [
    { ...path, size: 'the least', parameters: least },
    { ...path, size: 'the most', parameters: most },
  ]),
)('$name with $size', path => {
  const { commands, name, parameters, runs } = path;
  const directory = createMockDirectory();
  const temporary = createMockDirectory();
  const workspacePath = directory.path;
  let files: string[];
  let infrastructure: readonly unknown[];
  const read = (file: string) =>
    readFileSync(join(workspacePath, file), 'utf8');

  beforeAll(async () => {
    infrastructure = await renderTemplate({
      name,
      parameters,
      workspacePath,
      temporaryPath: temporary.path,
    });
    files = list(workspacePath);
  });

  it('has all that a repository needs', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '.devcontainer/devcontainer.json',
        '.editorconfig',
        '.gitea/workflows/ci.yaml',
        '.github/dependabot.yml',
        '.github/workflows/ci.yaml',
        '.gitignore',
        'waystone-template.yaml',
        'CODEOWNERS',
        'README.md',
        'catalog-info.yaml',
        'docs/index.md',
        'mkdocs.yml',
        ...(runs
          ? [
              '.dockerignore',
              '.gitea/workflows/image.yaml',
              'deploy/application.yaml',
              'docs/runbook.md',
            ]
          : []),
        ...path.files,
      ]),
    );
    expect(files).not.toContain('service-request.yaml');
    expect(files.some(file => file.startsWith('deploy/'))).toBe(runs);
    expect(infrastructure).toHaveLength(
      parameters === most ? path.infrastructure : 0,
    );
  });

  it('is well-formed, and nothing of the template is left', () => {
    expect(files.flatMap(file => mistakesIn(file, read(file)))).toEqual([]);
    const { annotations } = readTemplate(name).metadata;
    const version = annotations['waystone.dev/template-version'];
    const [entity] = parseAllDocuments(read('catalog-info.yaml'));
    expect(entity.toJS()).toMatchObject({
      metadata: {
        name: parameters.name,
        description: parameters.description,
        annotations: {
          'backstage.io/techdocs-ref': 'dir:.',
          'waystone.dev/template': name,
          'waystone.dev/template-version': version,
        },
      },
      spec: { owner: parameters.owner, system: parameters.system },
    });
    expect(parse(read('waystone-template.yaml'))).toEqual({
      template: name,
      version,
      inputs: parameters,
    });
  });

  (runs ? describe : describe.skip)('a new version', () => {
    it('runs as if it were compiled', async () => {
      const setVersion = (version: string) =>
        execFileSync('sh', ['deploy/set-version.sh', version], {
          cwd: workspacePath,
        });
      setVersion('0.2.17');
      const deployed = files.filter(file => file.startsWith('deploy/'));
      const before = deployed.map(read);
      expect(before.join('')).toContain('0.2.17');
      await compileAgain(workspacePath);
      expect(deployed.map(read)).toEqual(before);
      setVersion('0.1.0');
    });
  });

  (commands[0]?.[0] === 'npm' ? describe : describe.skip)(
    'its own checks, with the packages of this repository',
    () => {
      afterAll(() => {
        rmSync(join(workspacePath, 'node_modules'), {
          recursive: true,
          force: true,
        });
      });

      it('pass: types and tests', () => {
        const missing = linkDependencies(workspacePath);
        expect(missing.filter(each => !OF_A_BUNDLER.includes(each))).toEqual(
          [],
        );
        const tsc = require.resolve('typescript/bin/tsc');
        expect(
          [[tsc], ['--test', 'test/**/*.test.ts']].map(runNode).join(''),
        ).toBe('');
      });

      function runNode(args: string[]): string {
        const { status, stdout, stderr } = spawnSync(process.execPath, args, {
          cwd: workspacePath,
          encoding: 'utf8',
          // Not what Jest tells its own processes
          env: { PATH: process.env.PATH, HOME: process.env.HOME },
        });
        return status === 0 ? '' : `${args.join(' ')}: ${stdout}${stderr}`;
      }
    },
  );

  const missing = commands
    .map(([command]) => command)
    .filter(command => !command.startsWith('.') && !isOnPath(command));
  const why = withTools
    ? missing.map(tool => `no ${tool}`).join(', ')
    : 'WAYSTONE_TEST_TEMPLATES is not 1';
  (why === '' && commands.length > 0 ? describe : describe.skip)(
    `its own checks${why === '' ? '' : ` (skipped: ${why})`}`,
    () => {
      it('build it, and its tests pass', () => {
        const failures = commands.map(([command, ...args]) => {
          const { status, stdout, stderr } = spawnSync(
            command,
            args.filter(Boolean),
            { cwd: workspacePath, encoding: 'utf8' },
          );
          return status === 0 ? '' : `${command}: ${stdout}${stderr}`;
        });
        expect(failures.join('')).toBe('');
      }, 600_000);
    },
  );
});

describe('golden paths', () => {
  const names = PATHS.map(({ name }) => name);

  it('are all listed, and each has an owner and the changes of its version', () => {
    const { spec } = parse(
      readFileSync(join(TEMPLATES, 'catalog-info.yaml'), 'utf8'),
    );
    expect(spec.targets).toEqual(names.map(name => `./${name}.yaml`));
    for (const name of names) {
      const { annotations } = readTemplate(name).metadata;
      expect(
        readFileSync(join(TEMPLATES, name, 'CHANGELOG.md'), 'utf8'),
      ).toContain(`\n## ${annotations['waystone.dev/template-version']}\n`);
    }
  });

  it('are on approved stacks', () => {
    const stacks = parseStacks(
      readFileSync(join(TEMPLATES, '../examples/platform/stacks.yaml'), 'utf8'),
    );
    const approved = stacks.flatMap(stack =>
      stack.versions
        .filter(({ state }) => state === 'approved')
        .map(({ version }) => `${stack.name}@${version}`),
    );
    for (const name of names) {
      const { annotations } = readTemplate(name).metadata;
      const stack = annotations['waystone.dev/stack'];
      expect([name, stack ?? 'none']).toEqual([
        name,
        stack === undefined || approved.includes(stack) ? stack ?? 'none' : '',
      ]);
    }
  });

  it('ask the same things in the same way', () => {
    const [first, ...others] = names.map(
      name => readTemplate(name).spec.parameters,
    );
    for (const [naming, , ...rest] of others) {
      expect(naming).toEqual(first[0]);
      expect(rest.at(-1)).toEqual(first.at(-1));
    }
    for (const pages of others) {
      const { owner, system, host } = pages[1].properties;
      expect({ owner, system, host }).toEqual({
        owner: first[1].properties.owner,
        system: first[1].properties.system,
        host: first[1].properties.host,
      });
    }
  });
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

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some(folder => existsSync(join(folder, command)));
}

function jdk(): string {
  const { stdout } = spawnSync('javac', ['-version'], { encoding: 'utf8' });
  const version = /\d+/.exec(stdout ?? '')?.[0];
  return version === undefined || Number(version) >= 21
    ? ''
    : `-Djava.version=${version}`;
}
