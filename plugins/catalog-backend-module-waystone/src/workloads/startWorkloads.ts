import type {
  AuditorService,
  AuthService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LifecycleService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { readEnvironments } from '@waystone/environments';
import type {
  ArgoCdService,
  ForgeService,
  KubernetesService,
} from '@waystone/integrations';
import type { ProblemsReader } from '../problems/ProblemsReader';
import { createWorkloadsRouter } from './createWorkloadsRouter';
import { Registrations } from './Registrations';
import { UnregisteredReader } from './UnregisteredReader';
import { WorkloadCaches } from './WorkloadCaches';
import { WorkloadProposer } from './WorkloadProposer';

/** Serves what runs without an entity, and registers it by pull request. */
export async function startWorkloads(options: {
  readonly argoCd: ArgoCdService;
  readonly auditor: AuditorService;
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly config: RootConfigService;
  readonly database: DatabaseService;
  readonly forges: ForgeService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly kubernetes: KubernetesService;
  readonly lifecycle: LifecycleService;
  readonly logger: LoggerService;
  readonly permissions: PermissionsService;
  readonly problems: ProblemsReader;
  readonly scheduler: SchedulerService;
  readonly userInfo: UserInfoService;
}): Promise<void> {
  const caches = new WorkloadCaches({
    ...options,
    environments: readEnvironments(options.config),
  });
  options.lifecycle.addShutdownHook(() => caches.close());
  const unregistered = new UnregisteredReader({ ...options, caches });
  options.httpRouter.use(
    createWorkloadsRouter({
      ...options,
      unregistered,
      proposer: new WorkloadProposer({ ...options, unregistered }),
    }),
  );
  const registrations = new Registrations(options);
  await options.scheduler.scheduleTask({
    id: 'waystone-registrations',
    frequency: { seconds: 30 },
    // After the tables are made
    initialDelay: { seconds: 30 },
    timeout: { minutes: 2 },
    scope: 'global',
    fn: signal => registrations.run(signal),
  });
}
