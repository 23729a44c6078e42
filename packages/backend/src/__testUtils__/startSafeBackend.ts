import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Router } from 'express';
import safeGround from '../services';
import { freePort } from './freePort';

/**
 * Starts a backend with the real services of Waystone and a plugin for tests, whose
 * routes are served at `/api/probe`.
 *
 * @internal
 */
export async function startSafeBackend(options: {
  routes: Router;
  /** Paths of the plugin that need no credentials. */
  open?: string[];
  config?: { backend?: object; waystone?: object };
}) {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const logger = mockServices.rootLogger.mock({ child: () => logger });

  const probe = createBackendPlugin({
    pluginId: 'probe',
    register(reg) {
      reg.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          httpRouter.use(options.routes);
          for (const path of options.open ?? []) {
            httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' });
          }
        },
      });
    },
  });

  // Not startTestBackend(), which insists on an HTTP server of its own.
  const backend = createBackend();
  for (const feature of [
    safeGround,
    probe,
    logger.factory,
    mockServices.auth.factory(),
    mockServices.httpAuth.factory(),
    mockServices.userInfo.factory(),
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl },
        ...options.config,
        backend: {
          baseUrl,
          listen: { host: '127.0.0.1', port },
          ...options.config?.backend,
        },
      },
    }),
  ]) {
    backend.add(feature);
  }
  await backend.start();

  return {
    baseUrl,
    logger,
    stop: () => backend.stop(),
    /** Sends a request; the answer with its body and the time it took. */
    async get(path: string, init?: RequestInit) {
      const startedAt = performance.now();
      const response = await fetch(`${baseUrl}${path}`, init);
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        milliseconds: performance.now() - startedAt,
      };
    },
  };
}
