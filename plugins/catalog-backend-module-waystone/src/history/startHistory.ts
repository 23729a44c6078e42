import type {
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { ForgeService } from '@waystone/integrations';
import { catalogHistoryDeletedReadPermission } from '@waystone/plugin-catalog-overview-common';
import type { EntityChanges } from '../changes/EntityChanges';
import { createHistoryRouter } from './createHistoryRouter';
import { HistoryCommits } from './HistoryCommits';
import { HistoryReader } from './HistoryReader';
import { HistoryRecorder } from './HistoryRecorder';
import { HistoryRetention } from './HistoryRetention';
import { readHistoryConfig } from './readHistoryConfig';

/** Keeps the history from the next start of `changes` on, serves it, finds its commits, and puts an end to it. */
export async function startHistory(options: {
  readonly catalog: CatalogService;
  readonly changes: EntityChanges;
  readonly config: RootConfigService;
  readonly database: DatabaseService;
  readonly forges: ForgeService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly logger: LoggerService;
  readonly permissions: PermissionsService;
  readonly permissionsRegistry: PermissionsRegistryService;
  readonly scheduler: SchedulerService;
}): Promise<void> {
  const { database, forges, httpAuth, logger, scheduler } = options;
  const config = readHistoryConfig(options.config);
  options.changes.subscribe(new HistoryRecorder());
  options.permissionsRegistry.addPermissions([
    catalogHistoryDeletedReadPermission,
  ]);
  options.httpRouter.use(
    createHistoryRouter({ history: HistoryReader.create(options), httpAuth }),
  );
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
