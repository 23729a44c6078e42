import type { Knex } from 'knex';

/**
 * When a run was asked for, by the scaffolder's own list. A run that was interrupted or tried again keeps its start.
 *
 * @param knex - of the scaffolder's database
 */
export async function findStartOfTask(
  knex: Knex,
  taskId: string,
): Promise<Date | undefined> {
  const task: { created_at: Date } | undefined = await knex('tasks')
    .where({ id: taskId })
    .first('created_at');
  return task?.created_at;
}
