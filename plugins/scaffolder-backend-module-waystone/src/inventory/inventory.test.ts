import { join } from 'node:path';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  ForgeService,
  KubernetesService,
  VaultService,
} from '@waystone/integrations';
import express from 'express';
import request from 'supertest';
import { createUndoRegisterAction } from '../actions/createUndoRegisterAction';
import { runAction } from '../__testUtils__/runAction';
import { ApplicationRemover } from './ApplicationRemover';
import { createInventoryRouter } from './createInventoryRouter';
import { DatabaseInventory } from './DatabaseInventory';
import { InventoryService } from './InventoryService';
import type { Remover } from './Remover';
import { RepositoryRemover } from './RepositoryRemover';
import { SecretRemover } from './SecretRemover';

jest.setTimeout(60_000);

const TASK = 't1';
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const ended = { status: 'failed' };

async function setUp() {
  const inventory = await DatabaseInventory.create({
    knex: await databases.init('POSTGRES_18'),
    // Tests run from the sources.
    // eslint-disable-next-line no-restricted-syntax
    migrations: join(__dirname, '../../migrations'),
  });
  const world = {
    task: ended as { status: string },
    commits: [{ message: `Start\n\nWaystone-Task: ${TASK}\n` }],
    vaultIsDown: false,
    uid: 'u1',
    done: [] as string[],
  };
  const forges = {
    get: () => ({
      system: 'gitea',
      findRepository: async () => ({ name: 'loyalty' }),
      listCommits: async () => world.commits,
      deleteRepository: async (ref: { owner: string; name: string }) => {
        world.done.push(`repository ${ref.owner}/${ref.name}`);
      },
      parseUrl: (url: string) => {
        const [, owner, name] = new URL(url).pathname.split('/');
        return { owner, name };
      },
    }),
  } as unknown as ForgeService;
  const vault = {
    get: () => ({
      findSecretMetadata: async () => ({ currentVersion: 2 }),
      removeSecret: async ({ path }: { path: string }) => {
        if (world.vaultIsDown) {
          throw new Error('Vault does not answer');
        }
        world.done.push(`secret ${path}`);
      },
    }),
  } as unknown as VaultService;
  const kubernetes = {
    cluster: () => ({
      find: async () => ({ metadata: { uid: world.uid } }),
      patch: async (_: unknown, { patch }: { patch: object }) => {
        world.done.push(JSON.stringify(patch));
      },
      delete: async ({ name }: { name: string }, options: object) => {
        world.done.push(`application ${name} ${JSON.stringify(options)}`);
      },
    }),
  } as unknown as KubernetesService;
  const never: Remover = {
    inspect: async () => ({ present: false, notes: [] }),
    remove: async () => {},
  };
  const permissions = mockServices.permissions.mock({
    authorize: async () => [{ result: AuthorizeResult.ALLOW }],
  });
  const auditor = mockServices.auditor.mock();
  const startOver = jest.fn();
  const success = jest.fn();
  const fail = jest.fn();
  auditor.createEvent.mockResolvedValue({ success, fail });
  const app = express()
    .use(
      createInventoryRouter({
        auditor,
        httpAuth: mockServices.httpAuth(),
        permissions,
        scaffolder: { getTask: async () => world.task as never },
        inventory: new InventoryService({
          inventory,
          workspaces: { startOver },
          removers: {
            repository: new RepositoryRemover({ forges }),
            secret: new SecretRemover({ vault }),
            'argocd-application': new ApplicationRemover({ kubernetes }),
            'infrastructure-request': never,
            'catalog-location': never,
          },
        }),
      }),
    )
    .use(mockErrorHandler());
  const base = `/golden-paths/tasks/${TASK}/inventory`;
  const post = (what: string, ids: readonly string[]) =>
    request(app).post(`${base}/${what}`).send({ ids });
  const list = async () => (await request(app).get(base)).body;
  const fill = async () => {
    for (const [kind, title, reference] of [
      [
        'repository',
        'fernway/loyalty',
        { forge: 'git.example.com', owner: 'fernway', name: 'loyalty' },
      ],
      [
        'secret',
        'secret/a/b',
        { instance: 'main', mount: 'secret', path: 'a/b' },
      ],
    ] as const) {
      await (
        await inventory.announce(TASK, { kind, title, reference })
      ).confirm();
    }
    const entry = await inventory.announce(TASK, {
      kind: 'argocd-application',
      title: 'loyalty-development',
      reference: {
        cluster: 'prod',
        name: 'loyalty-development',
        namespace: 'argocd',
      },
    });
    await entry.confirm({ reference: { uid: 'u1' } });
    return (await inventory.list(TASK)).map(({ id }) => id);
  };
  return {
    app,
    auditor,
    base,
    fail,
    fill,
    forges,
    inventory,
    list,
    permissions,
    post,
    startOver,
    success,
    world,
  };
}

describe('the inventory of a run', () => {
  it('is removed in reverse order, and nothing else is', async () => {
    const { fill, list, post, startOver, success, world } = await setUp();
    const ids = await fill();
    world.commits.unshift({ message: 'Add a page' });

    const preview = await post('preview', ids);
    expect(preview.body.steps).toMatchObject([
      { title: 'loyalty-development', present: true },
      {
        title: 'secret/a/b',
        notes: ['It was changed since: it is at version 2. All versions go'],
      },
      {
        title: 'fernway/loyalty',
        notes: ['It has 1 commit since this run, which go with it'],
      },
    ]);
    expect(world.done).toEqual([]);
    expect(startOver).not.toHaveBeenCalled();

    const { body, status } = await post('remove', ids);
    expect(status).toBe(200);
    // Tried again, its steps must not count on what is gone
    expect(startOver).toHaveBeenCalledWith(TASK);
    expect(body.removed).toEqual([...ids].reverse());
    expect(world.done).toEqual([
      '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}',
      'application loyalty-development {"preconditions":{"uid":"u1"}}',
      'secret a/b',
      'repository fernway/loyalty',
    ]);
    expect((await list()).resources).toMatchObject([
      {
        kind: 'repository',
        state: 'removed',
        removedBy: mockCredentials.user().principal.userEntityRef,
      },
      { state: 'removed' },
      { state: 'removed' },
    ]);
    expect(success).toHaveBeenCalledTimes(1);
    expect(success.mock.calls[0][0].meta.removed).toContain(
      'repository fernway/loyalty',
    );
    expect((await post('remove', ids)).status).toBe(409);
  });

  it('leaves what others have made since', async () => {
    const { fill, post, world } = await setUp();
    const [repository, , application] = await fill();
    world.commits = [{ message: 'Another start' }];
    world.uid = 'u2';
    const { body } = await post('preview', [repository, application]);
    expect(body.steps.map(({ refused }: any) => refused)).toEqual([
      'loyalty-development was made anew since, by somebody else',
      'The latest 1 commits of fernway/loyalty are not of this run',
    ]);
    const removal = await post('remove', [repository]);
    expect(removal.body.failed.message).toContain('are not of this run');
    expect(world.done).toEqual([]);
  });

  it('stops where something fails, and goes on later', async () => {
    const { fail, fill, list, post, world } = await setUp();
    const ids = await fill();
    world.vaultIsDown = true;
    const { body } = await post('remove', ids);
    expect(body).toMatchObject({
      removed: [ids[2]],
      failed: { id: ids[1], message: 'Vault does not answer' },
    });
    expect(fail).toHaveBeenCalledTimes(1);
    expect((await list()).resources.map(({ state }: any) => state)).toEqual([
      'created',
      'created',
      'removed',
    ]);
    world.vaultIsDown = false;
    await post('remove', ids.slice(0, 2));
    expect(world.done.at(-1)).toBe('repository fernway/loyalty');
  });

  it('keeps what a run was about to make when it died, and knows it again', async () => {
    const { inventory, list } = await setUp();
    const resource = {
      kind: 'secret',
      title: 'secret/a/b',
      reference: { path: 'a/b', mount: 'secret' },
    } as const;
    const first = await inventory.announce(TASK, resource);
    expect(first.repeated).toBe(false);
    expect((await list()).resources).toMatchObject([{ state: 'announced' }]);
    const second = await inventory.announce(TASK, resource);
    expect(second.repeated).toBe(true);
    await second.confirm();
    expect((await list()).resources).toMatchObject([{ state: 'created' }]);
    expect((await inventory.announce('t2', resource)).repeated).toBe(false);
    await second.withdraw();
    expect((await list()).resources).toEqual([]);
  });

  it("is nobody else's business", async () => {
    const { app, base, fill, permissions, post, world } = await setUp();
    const ids = await fill();
    expect(
      (
        await request(app)
          .get(base)
          .set('Authorization', mockCredentials.none.header())
      ).status,
    ).toBe(401);
    expect((await post('remove', [])).status).toBe(400);
    expect(
      (await post('remove', ['b9f9b5cc-9c3b-4d4e-8a4e-3f0a4f5f1c11'])).status,
    ).toBe(404);

    world.task = { status: 'processing' };
    expect((await post('remove', ids)).status).toBe(409);
    world.task = ended;

    const only = (allowed: string) =>
      permissions.authorize.mockImplementation(async ([{ permission }]) => [
        {
          result:
            permission.name === allowed
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
        },
      ]);
    only('scaffolder.task.read');
    expect((await request(app).get(base)).body.removable).toBe(false);
    expect((await post('remove', ids)).status).toBe(403);
    expect((await post('preview', ids)).status).toBe(403);
    only('none');
    expect((await request(app).get(base)).status).toBe(404);
    expect((await post('remove', ids)).status).toBe(404);
    expect(world.done).toEqual([]);
  });

  it('takes from other actions only what belongs to the run', async () => {
    const { fill, forges, inventory, list } = await setUp();
    await fill();
    const action = createUndoRegisterAction({ forges, inventory });
    const run = (input: object) =>
      runAction(action, {
        workspacePath: '/',
        taskId: TASK,
        input: { ...input },
      });
    const mine = 'https://git.example.com/fernway/loyalty/catalog-info.yaml';
    await run({ catalogInfoUrl: mine });
    await run({ title: 'A domain', url: 'https://dns.example.com' });
    await expect(
      run({
        catalogInfoUrl:
          'https://git.example.com/fernway/shop/catalog-info.yaml',
      }),
    ).rejects.toThrow('is in no repository that this run has made');
    expect((await list()).resources.slice(3)).toMatchObject([
      { kind: 'catalog-location', url: mine },
      { kind: 'manual', title: 'A domain' },
    ]);
  });
});
