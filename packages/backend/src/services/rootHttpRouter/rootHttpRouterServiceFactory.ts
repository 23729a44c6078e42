import {
  createHealthRouter,
  createHttpServer,
  DefaultRootHttpRouter,
  MiddlewareFactory,
  readHttpServerOptions,
} from '@backstage/backend-defaults/rootHttpRouter';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { type Config, readDurationFromConfig } from '@backstage/config';
import express, { type Request, type RequestHandler } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseMonitorServiceRef } from '../databaseMonitor';
import { authRedirects } from './authRedirects';
import { captureRequestErrors } from './captureRequestErrors';
import { databaseGuard } from './databaseGuard';
import { errorFilter } from './errorFilter';
import { rateLimit, readRateLimitSettings } from './rateLimit';
import { requestId } from './requestId';
import { securityHeaders } from './securityHeaders';
import { applyServerSettings, durationInMilliseconds } from './serverSettings';

/** Long polls and event streams never end by themselves. */
const DRAIN_MS = 5_000;

/**
 * Replaces the HTTP server of `@backstage/backend-defaults`.
 *
 * @remarks
 *
 * The middleware and its order are upstream's `applyDefaults()`, made of the same
 * public parts. What is added: limits of the server by default, request ids and
 * security headers, the error filter, the database guard, rate limits for API requests
 * and a check of where sign-in returns to. These come after the health routes, so that probes never meet them.
 *
 * @public
 */
export const rootHttpRouterServiceFactory = createServiceFactory({
  service: coreServices.rootHttpRouter,
  deps: {
    config: coreServices.rootConfig,
    rootLogger: coreServices.rootLogger,
    lifecycle: coreServices.rootLifecycle,
    health: coreServices.rootHealth,
    monitor: databaseMonitorServiceRef,
  },
  async factory({ config, rootLogger, lifecycle, health, monitor }) {
    const logger = rootLogger.child({ service: 'rootHttpRouter' });
    captureRequestErrors();

    const app = express();
    const server = await createHttpServer(
      app,
      readHttpServerOptions(config.getOptionalConfig('backend')),
      { logger },
    );
    applyServerSettings(server, config);
    if (process.env.NODE_ENV === 'development') {
      app.set('json spaces', 2);
    }
    const trustProxy = config.getOptional('backend.trustProxy');
    if (trustProxy !== undefined) {
      app.set('trust proxy', trustProxy);
    }

    const router = DefaultRootHttpRouter.create();
    const middleware = MiddlewareFactory.create({ config, logger });
    const limits = readRateLimitSettings(config);

    app.disable('x-powered-by');
    app.use(requestId());
    app.use(middleware.helmet());
    app.use(securityHeaders(config));
    app.use(middleware.cors());
    app.use(middleware.compression());
    app.use(middleware.logging());
    app.use(middleware.rateLimit());
    app.use(createHealthRouter({ config, health }));
    app.use(errorFilter({ monitor, logger }));
    if (limits) {
      app.use(only(isApiRequest, rateLimit(limits)));
    }
    app.use(databaseGuard({ monitor, refuses: isApiRequest }));
    app.use('/api/auth', authRedirects(config));
    app.use(router.handler());
    app.use(middleware.notFound());
    app.use(middleware.error());

    const delayMs = readShutdownDelay(config);
    if (delayMs !== undefined) {
      lifecycle.addBeforeShutdownHook(() => sleep(delayMs));
    }
    lifecycle.addShutdownHook(async () => {
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await server.stop().finally(() => clearTimeout(timer));
    });
    await server.start();
    return router;
  },
});

/** Paths are not case-sensitive, and the frontend's files are under `/api/app`. */
function isApiRequest(req: Request): boolean {
  return /^\/api\/(?!app(\/|$))/i.test(req.path);
}

function only(
  condition: (req: Request) => boolean,
  handler: RequestHandler,
): RequestHandler {
  return (req, res, next) =>
    condition(req) ? handler(req, res, next) : next();
}

function readShutdownDelay(config: Config): number | undefined {
  const key = 'backend.lifecycle.serverShutdownDelay';
  return config.has(key)
    ? durationInMilliseconds(readDurationFromConfig(config, { key }), key)
    : undefined;
}
