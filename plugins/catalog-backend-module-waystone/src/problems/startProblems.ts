import type {
  AuditorService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
  UrlReaderService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ForgeService } from '@waystone/integrations';
import {
  catalogProblemFixPermission,
  catalogProblemReadPermission,
} from '@waystone/plugin-catalog-overview-common';
import { ConflictRecorder } from './ConflictRecorder';
import { createProblemsRouter } from './createProblemsRouter';
import { EntityProblemsReader } from './EntityProblemsReader';
import { FixProposer } from './FixProposer';
import { ForgeFindings } from './ForgeFindings';
import { ProblemNotices } from './ProblemNotices';
import type { ProblemsReader } from './ProblemsReader';
import { createSchemaRouter, SCHEMA_PATH } from './createSchemaRouter';
import { SourceReader } from './SourceReader';

/** What the problems of entries need of the backend. */
export interface ProblemsOptions {
  readonly auditor: AuditorService;
  readonly catalog: CatalogService;
  readonly config: RootConfigService;
  readonly database: DatabaseService;
  readonly events: EventsService;
  readonly forges: ForgeService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly logger: LoggerService;
  readonly notifications: NotificationService;
  readonly permissions: PermissionsService;
  readonly permissionsRegistry: PermissionsRegistryService;
  readonly problems: ProblemsReader;
  readonly scheduler: SchedulerService;
  readonly urlReader: UrlReaderService;
  readonly userInfo: UserInfoService;
}

/** Serves the problems of entries, proposes their fixes, and tells their owners. */
export async function startProblems(options: ProblemsOptions): Promise<void> {
  const { catalog, config, database, forges, logger } = options;
  const { permissions, problems, userInfo } = options;
  options.permissionsRegistry.addPermissions([
    catalogProblemReadPermission,
    catalogProblemFixPermission,
  ]);
  options.httpRouter.use(
    createProblemsRouter({
      auditor: options.auditor,
      fixes: new FixProposer({
        baseUrl: config.getString('app.baseUrl'),
        catalog,
        database,
        forges,
        permissions,
        userInfo,
      }),
      httpAuth: options.httpAuth,
      problems,
      entityProblems: EntityProblemsReader.create({
        catalog,
        database,
        forge: new ForgeFindings({ forges, logger }),
        logger,
        problems,
        source: new SourceReader({ urlReader: options.urlReader }),
      }),
    }),
  );
  options.httpRouter.use(createSchemaRouter());
  // What editors ask for: they can't sign in, and it holds nothing of anybody
  options.httpRouter.addAuthPolicy({
    path: SCHEMA_PATH,
    allow: 'unauthenticated',
  });
  await new ConflictRecorder({ database, logger }).subscribe(options.events);
  const notices = new ProblemNotices({
    database,
    logger,
    notifications: options.notifications,
  });
  await options.scheduler.scheduleTask({
    id: 'waystone-problem-notices',
    frequency: { minutes: 1 },
    // After the first entities are read and the tables are made
    initialDelay: { seconds: 30 },
    timeout: { minutes: 2 },
    scope: 'global',
    fn: signal => notices.run(signal),
  });
}
