import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type {
  ArgoCdService,
  ForgeService,
  KubernetesService,
  VaultService,
} from '@waystone/integrations';
import { UpstreamError } from '@waystone/integrations';
import { PlacementGuard } from '../access/PlacementGuard';
import { readGoldenPathConfig } from '../config/GoldenPathConfig';
import { MemoryInventory } from '../__testUtils__/MemoryInventory';
import { runAction } from '../__testUtils__/runAction';
import { createArgoCdApplicationAction } from './createArgoCdApplicationAction';
import { createCatalogRegisterAction } from './createCatalogRegisterAction';
import { createPublishRepositoryAction } from './createPublishRepositoryAction';
import { createVaultSeedAction } from './createVaultSeedAction';
import { createWaitHealthyAction } from './createWaitHealthyAction';

const config = readGoldenPathConfig(
  new ConfigReader({
    waystone: {
      environments: [
        { name: 'development', cluster: 'nonprod' },
        { name: 'production', cluster: 'prod' },
      ],
      goldenPaths: { organization: 'fernway' },
    },
  }),
);

const system = (name: string, owner: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'System',
  metadata: { name },
  spec: { owner },
  relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
});

const guard = new PlacementGuard({
  catalog: catalogServiceMock({
    entities: [
      system('ordering', 'orders'),
      system('storefront', 'storefront'),
      system('shared', 'platform'),
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'basket' },
        spec: { type: 'service', owner: 'orders', system: 'shared' },
        relations: [
          { type: 'ownedBy', targetRef: 'group:default/orders' },
          { type: 'partOf', targetRef: 'system:default/shared' },
        ],
      },
    ],
  }),
  userInfo: mockServices.userInfo({
    ownershipEntityRefs: ['user:default/maya.okafor', 'group:default/orders'],
  }),
});

const directory = createMockDirectory();
const workspacePath = directory.path;

function writeApplication({ owner = 'orders', of = 'ordering' } = {}) {
  directory.clear();
  mkdirSync(join(workspacePath, 'deploy'));
  writeFileSync(
    join(workspacePath, 'deploy/application.yaml'),
    `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata: { name: loyalty-service }
spec: { owner: ${owner}, system: ${of}, version: 1.0.0 }
`,
  );
}

beforeEach(() => writeApplication());

describe('waystone:argocd:create-application', () => {
  const apply = jest.fn();
  let existing: string[] = [];
  let inventory: MemoryInventory;
  const kubernetes = {
    cluster: (name: string) => ({
      find: async (ref: { name: string }) =>
        existing.includes(ref.name) ? {} : undefined,
      apply: async (...parameters: unknown[]) => {
        apply(name, ...parameters);
        return { object: { metadata: { uid: 'u1' } }, warnings: [] };
      },
    }),
  } as unknown as KubernetesService;
  let action: ReturnType<typeof createArgoCdApplicationAction>;

  beforeEach(() => {
    apply.mockReset();
    existing = [];
    inventory = new MemoryInventory();
    action = createArgoCdApplicationAction({
      config,
      guard,
      inventory,
      kubernetes,
    });
  });

  it('remembers what it has made, and only that', async () => {
    existing = ['loyalty-service-production'];
    await runAction(action, { workspacePath });
    expect(apply).toHaveBeenCalledTimes(2);
    expect(inventory.summary).toEqual([
      'argocd-application loyalty-service-development created',
    ]);
  });

  it('applies what the model says, to the cluster of Argo CD', async () => {
    const { output } = await runAction(action, {
      workspacePath,
      input: {
        repoUrl: 'https://git.example.com/fernway/loyalty-service.git',
        environments: ['development'],
      },
    });
    expect(output.applications).toEqual([
      {
        name: 'loyalty-service-development',
        project: 'ordering',
        environment: 'development',
      },
    ]);
    expect(apply.mock.calls).toEqual([
      [
        'prod',
        expect.objectContaining({
          kind: 'Application',
          spec: expect.objectContaining({
            project: 'ordering',
            source: {
              repoURL: 'https://git.example.com/fernway/loyalty-service.git',
              targetRevision: 'main',
              path: 'deploy/development',
            },
            destination: { name: 'nonprod', namespace: 'ordering-development' },
          }),
        }),
        expect.objectContaining({ fieldManager: 'waystone-golden-path' }),
      ],
    ]);
  });

  it('stores nothing in a dry run', async () => {
    await runAction(action, { workspacePath, isDryRun: true });
    expect(apply.mock.calls.map(([, , { dryRun }]) => dryRun)).toEqual([
      true,
      true,
    ]);
  });

  it('lets nobody into the namespaces of others', async () => {
    for (const [owner, of] of [
      ['storefront', 'storefront'],
      ['orders', 'storefront'],
      ['orders', 'unknown'],
    ]) {
      writeApplication({ owner, of });
      await expect(runAction(action, { workspacePath })).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    expect(apply).not.toHaveBeenCalled();
    writeApplication({ of: 'shared' });
    await runAction(action, { workspacePath });
    expect(apply).toHaveBeenCalledTimes(2);
  });

  it('refuses an environment that does not exist', async () => {
    await expect(
      runAction(action, { workspacePath, input: { environments: ['moon'] } }),
    ).rejects.toThrow("There is no environment 'moon'");
    expect(apply).not.toHaveBeenCalled();
  });
});

describe('waystone:wait:healthy', () => {
  const status = (sync: string, health: string, more = {}) => ({
    status: {
      sync: { status: sync, revision: 'abc' },
      health: { status: health },
      ...more,
    },
  });
  const actionOf = (states: unknown[]) => {
    const next = async () => (states.length > 1 ? states.shift() : states[0]);
    return createWaitHealthyAction({
      findStart: async () => new Date(Date.now() - 60_000),
      interval: 1,
      argocd: {
        clients: [
          {
            getApplication: next,
            findApplication: next,
            pageOf: () => 'https://argocd.example.com/x',
          },
        ],
      } as unknown as ArgoCdService,
    });
  };
  const input = { application: 'a-development', project: 'p', seconds: 1 };

  it('says what it waits for until it runs', async () => {
    const { output, log } = await runAction(
      actionOf([
        undefined,
        status('OutOfSync', 'Missing'),
        status('Synced', 'Progressing'),
        status('Synced', 'Progressing'),
        status('Synced', 'Healthy'),
      ]),
      { workspacePath, input },
    );
    expect(log).toEqual([
      'a-development is unknown, unknown',
      'a-development is OutOfSync, Missing',
      'a-development is Synced, Progressing',
      'a-development is Synced, Healthy',
    ]);
    expect(output).toMatchObject({ revision: 'abc', secondsSinceStart: 60 });
  });

  it('gives up with the reason', async () => {
    await expect(
      runAction(
        actionOf([
          status('Synced', 'Degraded', {
            resources: [
              {
                kind: 'Deployment',
                name: 'a',
                health: { status: 'Degraded', message: 'ImagePullBackOff' },
              },
            ],
          }),
        ]),
        { workspacePath, input },
      ),
    ).rejects.toThrow(
      "'a-development' is not healthy after 1 s: Synced, Degraded: Deployment a ImagePullBackOff. See https://argocd.example.com/x",
    );
  });

  it('ends when the task is cancelled', async () => {
    const controller = new AbortController();
    const run = runAction(actionOf([status('Synced', 'Progressing')]), {
      workspacePath,
      input: { ...input, seconds: 600 },
      signal: controller.signal,
    });
    controller.abort();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('waystone:vault:seed', () => {
  const written = new Map<string, Record<string, string>>();
  const vault = {
    clients: [
      {
        instance: 'main',
        writeSecret: async (
          { mount, path }: { mount: string; path: string },
          values: Record<string, string>,
          { expectedVersion }: { expectedVersion?: number },
        ) => {
          expect(expectedVersion).toBe(0);
          if (written.has(path)) {
            throw new UpstreamError({
              system: 'vault',
              instance: 'main',
              operation: 'write',
              code: 'conflict',
              reason:
                'check-and-set parameter did not match the current version',
              status: 400,
              details: { type: 'version-changed' },
            });
          }
          written.set(path, values);
          expect(mount).toBe('secret');
        },
      },
    ],
  } as unknown as VaultService;
  const inventory = new MemoryInventory();
  const action = createVaultSeedAction({ config, guard, inventory, vault });

  it('writes once, and shows nothing of it', async () => {
    const input = { keys: ['sessionKey', 'signingKey'] };
    await runAction(action, { workspacePath, input, isDryRun: true });
    expect(written.size).toBe(0);
    const run = await runAction(action, { workspacePath, input });
    expect(run.output.paths).toEqual([
      'secret/ordering/loyalty-service/development',
      'secret/ordering/loyalty-service/production',
    ]);
    const values = [...written.values()].flatMap(each => Object.values(each));
    expect(new Set(values).size).toBe(4);
    for (const value of values) {
      expect(value).toMatch(/^[\w-]{43}$/);
      expect(JSON.stringify(run)).not.toContain(value);
    }
    expect(inventory.summary).toEqual([
      'secret secret/ordering/loyalty-service/development created',
      'secret secret/ordering/loyalty-service/production created',
    ]);

    // Another run finds them, and they stay those of the first
    await runAction(action, { workspacePath, input });
    expect(inventory.summary).toHaveLength(2);
  });

  it('writes for nobody else', async () => {
    writeApplication({ owner: 'storefront', of: 'storefront' });
    await expect(
      runAction(action, { workspacePath, input: { keys: ['a'] } }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
  });
});

describe('waystone:repository:publish', () => {
  interface FakeRepository {
    readonly commits: { sha: string; message: string }[];
    readonly files: string[];
  }
  const repositories = new Map<string, FakeRepository>();
  let failNextCommit = false;
  const forge = {
    system: 'gitea',
    instance: 'git.example.com',
    createRepository: async ({ repository }: any) => {
      const name = `${repository.owner}/${repository.name}`;
      if (repositories.has(name)) {
        throw new UpstreamError({
          system: 'gitea',
          instance: 'git.example.com',
          operation: 'create repository',
          code: 'conflict',
          reason: 'The repository with the same name already exists.',
          status: 409,
          details: { type: 'repository-exists' },
        });
      }
      repositories.set(name, { commits: [], files: [] });
      return forge.findRepository(repository);
    },
    findRepository: async ({ owner, name }: any) =>
      repositories.has(`${owner}/${name}`)
        ? {
            owner,
            name,
            url: `https://git.example.com/${owner}/${name}`,
            cloneUrl: `https://git.example.com/${owner}/${name}.git`,
          }
        : undefined,
    listCommits: async ({ owner, name }: any) =>
      repositories.get(`${owner}/${name}`)!.commits,
    commitFiles: async ({ repository, message, changes, author }: any) => {
      if (failNextCommit) {
        failNextCommit = false;
        throw new Error('The forge went away');
      }
      expect(author.email).toBe('maya.okafor@fernway.example');
      const { commits, files } = repositories.get(
        `${repository.owner}/${repository.name}`,
      )!;
      commits.push({ sha: `sha${commits.length}`, message });
      files.push(...changes.map(({ path }: any) => path));
      return { sha: `sha${commits.length - 1}` };
    },
  };
  let inventory: MemoryInventory;
  let action: ReturnType<typeof createPublishRepositoryAction>;

  beforeEach(() => {
    repositories.clear();
    inventory = new MemoryInventory();
    action = createPublishRepositoryAction({
      config,
      forges: { forges: [forge] } as unknown as ForgeService,
      inventory,
    });
  });

  it("leaves an empty repository alone that is somebody else's", async () => {
    await forge.createRepository({
      repository: { owner: 'fernway', name: 'loyalty' },
    });
    await expect(
      runAction(action, { workspacePath, input: { name: 'loyalty' } }),
    ).rejects.toThrow("There is a repository 'fernway/loyalty' already");
    expect(inventory.summary).toEqual([]);
  });

  it('goes on where an earlier attempt of the task ended, and does nothing twice', async () => {
    const options = { workspacePath, input: { name: 'loyalty' }, taskId: 't1' };
    await runAction(action, { ...options, isDryRun: true });
    expect(repositories.size).toBe(0);
    failNextCommit = true;
    await expect(runAction(action, options)).rejects.toThrow('went away');
    const { output } = await runAction(action, options);
    expect(output).toEqual({
      url: 'https://git.example.com/fernway/loyalty',
      cloneUrl: 'https://git.example.com/fernway/loyalty.git',
      catalogInfoUrl:
        'https://git.example.com/fernway/loyalty/src/branch/main/catalog-info.yaml',
      commit: 'sha0',
    });
    expect((await runAction(action, options)).output).toEqual(output);
    expect(repositories.get('fernway/loyalty')).toMatchObject({
      commits: [{ message: 'Start\n\nWaystone-Task: t1\n' }],
      files: ['deploy/application.yaml'],
    });
    await expect(
      runAction(action, { ...options, taskId: 't2' }),
    ).rejects.toThrow("There is a repository 'fernway/loyalty' already");
    expect(inventory.summary).toEqual(['repository fernway/loyalty created']);
    await expect(
      runAction(action, { ...options, taskId: 't2', isDryRun: true }),
    ).rejects.toThrow("There is a repository 'fernway/loyalty' already");
  });

  it('publishes no links', async () => {
    symlinkSync('/etc/passwd', join(workspacePath, 'innocent'));
    await expect(
      runAction(action, { workspacePath, input: { name: 'loyalty' } }),
    ).rejects.toThrow("'innocent' is neither a file nor a folder");
    expect(repositories.size).toBe(0);
  });
});

describe('waystone:catalog:register', () => {
  it('registers once, however often it is run', async () => {
    const locations = new Set<string>();
    let failure: Error | undefined;
    const inventory = new MemoryInventory();
    const action = createCatalogRegisterAction({
      inventory,
      catalog: {
        addLocation: async ({ target, dryRun }: any) => {
          if (failure) {
            throw failure;
          }
          if (!dryRun) {
            if (locations.has(target)) {
              throw Object.assign(new Error('exists'), { statusCode: 409 });
            }
            locations.add(target);
          }
          return {
            entities: [
              { kind: 'API', metadata: { name: 'a' } },
              { kind: 'Component', metadata: { name: 'loyalty' } },
            ],
          } as never;
        },
      },
    });
    const options = {
      workspacePath,
      taskId: 't1',
      input: {
        catalogInfoUrl: 'https://git.example.com/a/b/catalog-info.yaml',
      },
    };
    failure = Object.assign(new Error('Not allowed'), { statusCode: 403 });
    await expect(runAction(action, options)).rejects.toThrow('Not allowed');
    expect(inventory.summary).toEqual([]);
    failure = new Error('The catalog went away');
    await expect(runAction(action, options)).rejects.toThrow('went away');
    // Nobody knows whether it was registered
    expect(inventory.summary).toEqual([
      'catalog-location catalog-info.yaml announced',
    ]);
    failure = undefined;
    for (let attempt = 0; attempt < 2; attempt++) {
      const { output } = await runAction(action, options);
      expect(output.entityRef).toBe('component:default/loyalty');
    }
    await runAction(action, { ...options, taskId: 't2' });
    expect(inventory.summary).toEqual([
      'catalog-location catalog-info.yaml created',
    ]);
  });
});
