import type {
  DatabaseService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { ForgeService } from '@waystone/integrations';
import { HistoryCommits } from './HistoryCommits';
import { HistoryRetention } from './HistoryRetention';
import type { HistoryConfig } from './readHistoryConfig';

/** Schedules what the history needs beside the recorder: commits found afterwards, and an end of it. */
export async function startHistory(options: {
  readonly config: HistoryConfig;
  readonly database: DatabaseService;
  readonly forges: ForgeService;
  readonly logger: LoggerService;
  readonly scheduler: SchedulerService;
}): Promise<void> {
  const { config, database, forges, logger, scheduler } = options;
  const knex = await database.getClient();
  if (knex.client.config.client !== 'pg') {
    return;
  }
  const commits = new HistoryCommits({ knex, forges, logger });
  await scheduler.scheduleTask({
    id: 'waystone-history-commits',
    frequency: { seconds: 10 },
    initialDelay: { seconds: 15 },
    timeout: { minutes: 2 },
    scope: 'global',
    fn: signal => commits.find(signal),
  });
  const retention = new HistoryRetention({ knex, ...config });
  await scheduler.scheduleTask({
    id: 'waystone-history-retention',
    frequency: { hours: 24 },
    initialDelay: { minutes: 10 },
    timeout: { hours: 1 },
    scope: 'global',
    fn: async signal => {
      const removed = await retention.apply(signal);
      if (removed > 0) {
        logger.info(`Removed ${removed} changes from the history of entities`);
      }
    },
  });
}
