import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  restoreWorkspace,
  serializeWorkspace,
} from '@backstage/plugin-scaffolder-node/alpha';
import type { WorkspaceProvider } from '@backstage/plugin-scaffolder-node/alpha';
import type { Knex } from 'knex';
import { z } from 'zod';

const TABLE = 'waystone_task_workspaces';
const MOST_BYTES = 20 * 2 ** 20;
const DEFAULT_DAYS = 7;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Of what the scaffolder keeps of a task, what is looked at. */
const specSchema = z.object({
  steps: z.array(z.looseObject({ id: z.string() })),
});
const stateSchema = z.object({
  state: z
    .object({
      steps: z
        .record(z.string(), z.looseObject({ status: z.string() }))
        .optional(),
    })
    .optional(),
});

/**
 * The files of runs in the scaffolder's database, from the end of a step to the end of the run.
 *
 * A run that goes on, on another replica, after a restart or when it is tried again, does not repeat the steps that were
 * completed. The steps that follow need what those have written.
 */
export class DatabaseWorkspaces implements WorkspaceProvider {
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #mostBytes: number;
  /** Of what was written last, by task. */
  readonly #hashes = new Map<string, string>();

  constructor(options: {
    /** With the migrations of this module. */
    readonly knex: Knex;
    readonly logger: LoggerService;
    /** Of a workspace that is kept. Default: 20 MB */
    readonly mostBytes?: number;
  }) {
    this.#knex = options.knex;
    this.#logger = options.logger;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
  }

  /** Keeps the files of a run as they are now. Files that are too large do not fail the run, they only end its resumability. */
  async serializeWorkspace(options: {
    readonly path: string;
    readonly taskId: string;
  }): Promise<void> {
    const { path, taskId } = options;
    const bytes = await sizeOf(path, this.#mostBytes);
    if (bytes === undefined) {
      // The step has removed it, or never made one
      return;
    }
    const content =
      bytes > this.#mostBytes
        ? null
        : (await serializeWorkspace({ path })).contents;
    const hash = createHash('sha256')
      .update(content ?? '')
      .digest('hex');
    if (this.#hashes.get(taskId) === hash) {
      return;
    }
    if (!content) {
      this.#logger.warn(
        `The files of run ${taskId} are larger than ${
          this.#mostBytes
        } bytes and are not kept: it cannot go on if it is interrupted`,
      );
    }
    await this.#knex(TABLE)
      .insert({
        task_id: taskId,
        content: content && (await compress(content)),
        updated_at: new Date(),
      })
      .onConflict('task_id')
      .merge();
    this.#hashes.set(taskId, hash);
  }

  /**
   * Puts the files back.
   *
   * @throws ConflictError if what earlier steps have written is gone: the next ones would work on nothing
   */
  async rehydrateWorkspace(options: {
    readonly taskId: string;
    readonly targetPath: string;
  }): Promise<void> {
    const { taskId, targetPath } = options;
    const row: { content: Buffer | null } | undefined = await this.#knex(TABLE)
      .where({ task_id: taskId })
      .first('content');
    if (!row?.content && (await this.#isHalfDone(taskId))) {
      throw new ConflictError(
        row
          ? 'The files of this run were too large to be kept, so it cannot go on. Start it anew'
          : 'The files of this run are not kept any more, so it cannot go on. Start it anew',
      );
    }
    // What an interrupted step has left behind here is not what the step before it had finished with
    await rm(targetPath, { recursive: true, force: true });
    await mkdir(targetPath, { recursive: true });
    if (row?.content) {
      await restoreWorkspace({
        path: targetPath,
        buffer: await decompress(row.content),
      });
    }
  }

  /** Forgets the files of a run that was completed. */
  async cleanWorkspace(options: { readonly taskId: string }): Promise<void> {
    this.#hashes.delete(options.taskId);
    await this.#knex(TABLE).where({ task_id: options.taskId }).delete();
  }

  /** Lets a run begin with its first step if it is tried again, as for one of which something was removed. */
  async startOver(taskId: string): Promise<void> {
    await this.#knex('tasks').where({ id: taskId }).update({ state: null });
    await this.cleanWorkspace({ taskId });
  }

  /** Forgets the files of runs that failed and that nobody has tried again. */
  async forgetOld(options: { readonly days?: number } = {}): Promise<void> {
    const days = options.days ?? DEFAULT_DAYS;
    await this.#knex(TABLE)
      .where('updated_at', '<', new Date(Date.now() - days * 86_400_000))
      .delete();
    this.#hashes.clear();
  }

  /** Whether some of its steps are completed, and some are not. */
  async #isHalfDone(taskId: string): Promise<boolean> {
    const task: { spec: string; state: string | null } | undefined =
      await this.#knex('tasks').where({ id: taskId }).first('spec', 'state');
    if (!task?.state) {
      return false;
    }
    const { steps } = specSchema.parse(JSON.parse(task.spec));
    const { state } = stateSchema.parse(JSON.parse(task.state));
    const completed = steps.filter(
      ({ id }) => state?.steps?.[id]?.status === 'completed',
    );
    return completed.length > 0 && completed.length < steps.length;
  }
}

/**
 * How many bytes the files of a folder have; ends when there are more than asked for.
 *
 * @returns undefined if there is no such folder
 */
async function sizeOf(
  folder: string,
  most: number,
): Promise<number | undefined> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  }).catch(error => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (!entries) {
    return undefined;
  }
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) {
      bytes += (await stat(join(entry.parentPath, entry.name))).size;
    }
    if (bytes > most) {
      break;
    }
  }
  return bytes;
}
