import {
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import type { PlacementGuard } from '../access/PlacementGuard';
import { readGoldenPathConfig } from '../config/GoldenPathConfig';
import { runAction } from '../__testUtils__/runAction';
import { createCompileAction } from './createCompileAction';
import { createValidateAction } from './createValidateAction';

const config = readGoldenPathConfig(
  new ConfigReader({
    waystone: {
      environments: [
        { name: 'development', cluster: 'nonprod' },
        { name: 'production', cluster: 'prod' },
      ],
      goldenPaths: { platform: { registry: 'registry.fernway.example' } },
    },
  }),
);

const APPLICATION = `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata:
  name: loyalty-service
spec:
  owner: orders
  system: ordering
  version: 1.0.0
`;

const check = jest.fn();
const validate = createValidateAction({
  guard: { check } as unknown as PlacementGuard,
});

describe('actions in the workspace', () => {
  const directory = createMockDirectory();
  const workspacePath = directory.path;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(workspacePath, path)), { recursive: true });
    writeFileSync(join(workspacePath, path), text);
  };

  beforeEach(() => directory.clear());

  it('have examples and can be tried', () => {
    for (const action of [validate, createCompileAction(config)]) {
      expect(action.supportsDryRun).toBe(true);
      expect(action.examples!.length).toBeGreaterThan(0);
    }
  });

  it('validate says every mistake with its place', async () => {
    write('deploy/application.yaml', APPLICATION);
    await expect(runAction(validate, { workspacePath })).resolves.toMatchObject(
      {
        output: {
          name: 'loyalty-service',
          owner: 'orders',
          system: 'ordering',
        },
      },
    );

    expect(check).not.toHaveBeenCalled();
    check.mockRejectedValueOnce(new Error('not yours'));
    await expect(
      runAction(validate, { workspacePath, input: { placement: true } }),
    ).rejects.toThrow('not yours');

    write(
      'deploy/application.yaml',
      APPLICATION.replace('owner', 'ownr').replace('1.0.0', 'latest'),
    );
    await expect(runAction(validate, { workspacePath })).rejects.toThrow(
      /deploy\/application\.yaml:6:3 There is no field 'ownr' here\. Did you mean 'owner'\?\ndeploy\/application\.yaml:8:3 /,
    );
  });

  it('read nothing outside of the workspace', async () => {
    write('inside/application.yaml', APPLICATION);
    symlinkSync('/etc', join(workspacePath, 'link'));
    for (const path of ['../x', '/etc/passwd', 'link/passwd']) {
      await expect(
        runAction(validate, { workspacePath, input: { path } }),
      ).rejects.toThrow(/not allowed/i);
    }
    await expect(
      runAction(validate, {
        workspacePath,
        input: { path: 'none' },
      }),
    ).rejects.toThrow("There is no file 'none' in the workspace");
  });

  it('compile writes the manifests of every environment, and the same again', async () => {
    write('deploy/application.yaml', APPLICATION);
    const first = await runAction(createCompileAction(config), {
      workspacePath,
    });
    expect(first.output).toMatchObject({
      name: 'loyalty-service',
      environments: ['development', 'production'],
      offThePath: 0,
      files: expect.arrayContaining([
        'deploy/argocd/development.yaml',
        'deploy/development/deployment.yaml',
        'deploy/production/deployment.yaml',
      ]),
    });
    const read = () =>
      readFileSync(
        join(workspacePath, 'deploy/production/deployment.yaml'),
        'utf8',
      );
    const text = read();
    expect(text).toContain(
      'image: registry.fernway.example/ordering/loyalty-service:1.0.0',
    );
    await runAction(createCompileAction(config), { workspacePath });
    expect(read()).toBe(text);
  });

  it('compile expands a request, with its infrastructure', async () => {
    write(
      'service-request.yaml',
      `apiVersion: platform.waystone.dev/v1alpha1
kind: ServiceRequest
metadata: { name: loyalty-service }
spec: { type: service, language: nodejs, owner: orders, system: ordering, database: postgresql }
`,
    );
    const { output } = await runAction(createCompileAction(config), {
      workspacePath,
      input: { request: 'service-request.yaml' },
    });
    expect(output.files).toContain(
      'deploy/development/infrastructure-loyalty-service-database.yaml',
    );
    expect(existsSync(join(workspacePath, 'service-request.yaml'))).toBe(false);
    expect(
      readFileSync(
        join(
          workspacePath,
          'deploy/production/infrastructure-loyalty-service-database.yaml',
        ),
        'utf8',
      ),
    ).toContain('highAvailability: true');
  });

  it('compile refuses what runs nowhere', async () => {
    write(
      'deploy/application.yaml',
      `${APPLICATION}  environments: { moon: {} }\n`,
    );
    await expect(
      runAction(createCompileAction(config), { workspacePath }),
    ).rejects.toThrow('loyalty-service runs in none of the environments');
  });

  it('say which setting is wrong', () => {
    expect(() =>
      readGoldenPathConfig(
        new ConfigReader({
          waystone: { goldenPaths: { platform: { domain: 'Not A Domain' } } },
        }),
      ),
    ).toThrow("'waystone.goldenPaths.platform.domain'");
  });
});
