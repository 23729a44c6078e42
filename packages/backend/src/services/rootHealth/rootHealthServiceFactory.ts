import {
  coreServices,
  createServiceFactory,
  type RootHealthService,
  type RootLifecycleService,
} from '@backstage/backend-plugin-api';
import {
  type DatabaseMonitor,
  databaseMonitorServiceRef,
} from '../databaseMonitor';

/**
 * Health that is worth its name: ready means started, not stopping, and able to
 * reach the database.
 *
 * @remarks
 *
 * Upstream reports ready as soon as the start-up hooks ran, whatever happens to
 * the database afterwards. Liveness stays independent of the database: a restart
 * would not bring it back. Integrations are not part of readiness either, an
 * unreachable cluster must not take the portal out of service.
 *
 * @internal
 */
export class DatabaseAwareRootHealth implements RootHealthService {
  readonly #monitor: DatabaseMonitor;
  #phase: 'starting' | 'up' | 'stopping' = 'starting';

  static create(options: {
    lifecycle: RootLifecycleService;
    monitor: DatabaseMonitor;
  }): DatabaseAwareRootHealth {
    return new DatabaseAwareRootHealth(options);
  }

  private constructor(options: {
    lifecycle: RootLifecycleService;
    monitor: DatabaseMonitor;
  }) {
    this.#monitor = options.monitor;
    options.lifecycle.addStartupHook(() => {
      this.#phase = 'up';
    });
    options.lifecycle.addBeforeShutdownHook(() => {
      this.#phase = 'stopping';
    });
  }

  async getLiveness() {
    return { status: 200, payload: { status: 'ok' } };
  }

  async getReadiness() {
    if (this.#phase === 'starting') {
      return notReady('Backend has not started yet');
    }
    if (this.#phase === 'stopping') {
      return notReady('Backend is shutting down');
    }
    if (!(await this.#monitor.isReachable())) {
      return notReady('Backend cannot reach its database');
    }
    return { status: 200, payload: { status: 'ok' } };
  }
}

function notReady(message: string) {
  return { status: 503, payload: { message, status: 'error' } };
}

/**
 * Replaces the health service of `@backstage/backend-defaults`.
 *
 * @public
 */
export const rootHealthServiceFactory = createServiceFactory({
  service: coreServices.rootHealth,
  deps: {
    lifecycle: coreServices.rootLifecycle,
    monitor: databaseMonitorServiceRef,
  },
  factory: ({ lifecycle, monitor }) =>
    DatabaseAwareRootHealth.create({ lifecycle, monitor }),
});
