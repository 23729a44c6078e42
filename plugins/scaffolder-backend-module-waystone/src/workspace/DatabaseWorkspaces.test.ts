import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseInventory } from '../inventory/DatabaseInventory';
import { DatabaseWorkspaces } from './DatabaseWorkspaces';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const STEPS = [{ id: 'files' }, { id: 'publish' }];

describe('the files of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workspaces-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const setUp = async () => {
    const knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-scaffolder-backend',
        'migrations',
      ),
    });
    await DatabaseInventory.create({
      knex,
      // Tests run from the sources.
      // eslint-disable-next-line no-restricted-syntax
      migrations: join(__dirname, '../../migrations'),
    });
    const logger = mockServices.logger.mock();
    const taskId = randomUUID();
    await knex('tasks').insert({
      id: taskId,
      spec: JSON.stringify({ steps: STEPS }),
      status: 'processing',
    });
    /** As the scaffolder says that steps were completed. */
    const complete = (...steps: string[]) =>
      knex('tasks')
        .where({ id: taskId })
        .update({
          state: JSON.stringify({
            state: {
              checkpoints: {},
              steps: Object.fromEntries(
                steps.map(id => [id, { status: 'completed', output: {} }]),
              ),
            },
          }),
        });
    return {
      complete,
      knex,
      logger,
      taskId,
      workspaces: new DatabaseWorkspaces({ knex, logger, mostBytes: 1_000 }),
      rows: () => knex('waystone_task_workspaces').select('task_id'),
    };
  };
  const path = () => join(folder, 'of-the-run');
  const write = async (file: string, text: string) => {
    await mkdir(join(path(), 'deploy'), { recursive: true });
    await writeFile(join(path(), file), text);
  };

  it('are what they were after the last step, on another replica and after a restart', async () => {
    const { complete, rows, taskId, workspaces, knex, logger } = await setUp();
    await write('deploy/application.yaml', 'kind: Application\n');
    await workspaces.serializeWorkspace({ path: path(), taskId });
    await complete('files');
    // The step that was interrupted has left something behind
    await write('deploy/application.yaml', 'kind: Appl');
    await write('half', '');

    const other = new DatabaseWorkspaces({ knex, logger });
    await other.rehydrateWorkspace({ taskId, targetPath: path() });
    expect(
      await readFile(join(path(), 'deploy/application.yaml'), 'utf8'),
    ).toBe('kind: Application\n');
    await expect(readFile(join(path(), 'half'))).rejects.toThrow('ENOENT');

    await write('more', 'more');
    await other.serializeWorkspace({ path: path(), taskId });
    await workspaces.rehydrateWorkspace({ taskId, targetPath: path() });
    expect(await readFile(join(path(), 'more'), 'utf8')).toBe('more');

    await workspaces.cleanWorkspace({ taskId });
    expect(await rows()).toEqual([]);
  });

  it('begin empty, and a run whose files are gone does not go on without them', async () => {
    const { complete, taskId, workspaces } = await setUp();
    const open = () =>
      workspaces.rehydrateWorkspace({ taskId, targetPath: path() });
    await open();
    await complete('files');
    await expect(open()).rejects.toThrow('are not kept any more');
    await complete('files', 'publish');
    await open();
    await complete('files');
    await workspaces.startOver(taskId);
    await open();
  });

  it('do not fail a step if they are too large, but the run cannot go on', async () => {
    const { complete, logger, taskId, workspaces } = await setUp();
    await write('large', 'x'.repeat(2_000));
    await workspaces.serializeWorkspace({ path: path(), taskId });
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('are larger than 1000 bytes'),
    );
    await complete('files');
    await expect(
      workspaces.rehydrateWorkspace({ taskId, targetPath: path() }),
    ).rejects.toThrow('were too large to be kept');
  });

  it('are forgotten after a week in which nobody tried again', async () => {
    const { knex, rows, taskId, workspaces } = await setUp();
    await write('deploy/application.yaml', 'kind: Application\n');
    await workspaces.serializeWorkspace({ path: path(), taskId });
    await workspaces.forgetOld();
    expect(await rows()).toHaveLength(1);
    await knex('waystone_task_workspaces').update({
      updated_at: new Date(Date.now() - 8 * 86_400_000),
    });
    await workspaces.forgetOld();
    expect(await rows()).toEqual([]);
  });
});
