import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commands } from '../commands';
import { runCommand } from '../runCommand';

const APPLICATION = `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata:
  name: loyalty-service
spec:
  owner: orders
  system: ordering
  version: 1.0.0
`;

describe('waystone app', () => {
  let root: string;
  const write = (text: string) =>
    writeFileSync(path.join(root, 'deploy/application.yaml'), text);
  const run = async (...words: string[]) => {
    let output = '';
    let errors = '';
    const code = await runCommand(['app', ...words], commands, {
      write: text => {
        output += text;
      },
      writeError: text => {
        errors += text;
      },
      environment: {},
      workingDirectory: root,
    });
    return { code, output, errors };
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'waystone-app-'));
    mkdirSync(path.join(root, 'deploy'));
    write(APPLICATION);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('validates', async () => {
    expect(await run('validate')).toEqual({ code: 0, output: '', errors: '' });
    write(APPLICATION.replace('owner', 'ownr'));
    expect(await run('validate')).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        "deploy/application.yaml:6:3  error  There is no field 'ownr' here.\n    Did you mean 'owner'?  [unknown-field]\n",
      ),
    });
    expect(JSON.parse((await run('validate', '--json')).output)).toContainEqual(
      expect.objectContaining({ line: 6, column: 3 }),
    );
    expect(await run('validate', 'nowhere')).toMatchObject({ code: 2 });
  });

  it('compiles, and says whether what is there is current', async () => {
    expect(await run('compile', '--check')).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'deploy/production/deployment.yaml is missing',
      ),
    });
    expect(await run('compile')).toMatchObject({ code: 0, errors: '' });
    expect(await run('compile', '--check')).toEqual({
      code: 0,
      output: '',
      errors: '',
    });
    write(APPLICATION.replace('1.0.0', '1.1.0'));
    expect(
      await run('compile', '--check', '--environment', 'staging'),
    ).toMatchObject({
      code: 1,
      output: expect.stringContaining('deploy/staging/deployment.yaml differs'),
    });
    write(
      `${APPLICATION}  manifests: [{apiVersion: v1, kind: Secret, metadata: {name: a}}]\n`,
    );
    expect(await run('compile')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('A Secret would be in Git'),
    });
  });

  it('knows the platform from a configuration', async () => {
    writeFileSync(
      path.join(root, 'platform.yaml'),
      `waystone:
  environments: [{ name: lab, cluster: c1, namespace: 'x-{system}' }]
  goldenPaths: { platform: { registry: r.example.com } }
`,
    );
    expect(await run('compile', '--config', 'platform.yaml')).toMatchObject({
      code: 0,
    });
    expect(
      readFileSync(path.join(root, 'deploy/lab/deployment.yaml'), 'utf8'),
    ).toMatch(
      /namespace: x-ordering[^]*image: r\.example\.com\/ordering\/loyalty-service:1\.0\.0/,
    );
  });

  it('explains', async () => {
    expect(await run('explain', 'spec.replicas')).toEqual({
      code: 0,
      output:
        'spec.replicas in production: 1\n  platform default for tier 3: replicas\n',
      errors: '',
    });
    expect(
      await run(
        'explain',
        'Service/spec.ports[0].port',
        '--environment',
        'staging',
      ),
    ).toMatchObject({
      output: expect.stringContaining(
        'the same for every application (deploy/staging/service.yaml)',
      ),
    });
    expect(await run('explain', 'spec.nothing')).toMatchObject({ code: 1 });
    expect(await run('explain')).toMatchObject({ code: 2 });
    expect(
      await run('explain', 'spec.size', '--environment', 'moon'),
    ).toMatchObject({ code: 2 });
  });
});
