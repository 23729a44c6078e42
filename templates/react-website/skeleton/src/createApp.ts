import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import { observeRequests } from './observeRequests.ts';

/** What the server says of itself. */
export interface ServiceState {
  /** False while it starts and while it stops: send no traffic. */
  ready: boolean;
}

/**
 * The server of the page, without a port.
 *
 * @param pages - the folder that `npm run build` writes
 */
export function createApp(
  state: ServiceState,
  metrics: Metrics,
  pages: string,
  options: { readonly logLevel?: string } = {},
): FastifyInstance {
  const app = Fastify({ logger: { level: options.logLevel ?? 'info' } });

  // The platform asks every few seconds; its questions are neither logged nor measured
  const quiet = { logLevel: 'warn' } as const;
  app.get('/health/live', quiet, async () => ({ status: 'ok' }));
  app.get('/health/ready', quiet, async (_request, reply) => {
    reply.code(state.ready ? 200 : 503);
    return { status: state.ready ? 'ready' : 'not ready' };
  });
  app.get('/metrics', quiet, async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return metrics.toText();
  });

  app.register(async site => {
    observeRequests(site, metrics);
    site.addHook('onSend', async (request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      reply.header('content-security-policy', "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
      // Names of assets change with their content
      if (request.url.startsWith('/assets/') && reply.statusCode === 200) {
        reply.header('cache-control', 'public, max-age=31536000, immutable');
      }
    });
    site.register(fastifyStatic, { root: pages, wildcard: false });
    // Pages of the app have addresses of their own; files that are missing are missing
    site.setNotFoundHandler(async (request, reply) => {
      if (request.method === 'GET' && !/\.[a-z0-9]+$/i.test(request.url.split('?')[0])) {
        return reply.sendFile('index.html');
      }
      reply.code(404).type('application/problem+json');
      return { type: 'about:blank', title: 'There is nothing at this path', status: 404 };
    });
  });
  return app;
}
