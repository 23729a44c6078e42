import Fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import { observeRequests } from './observeRequests.ts';

/** What the service says of itself. */
export interface ServiceState {
  readonly name: string;
  /** False while it starts and while it stops: send no traffic. */
  ready: boolean;
}

/** The service, without a port. */
export function createApp(
  state: ServiceState,
  metrics: Metrics,
  options: { readonly logLevel?: string } = {},
): FastifyInstance {
  const app = Fastify({
    logger: { level: options.logLevel ?? 'info' },
  });

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

  app.register(async api => {
    observeRequests(api, metrics);
    api.get('/', async () => ({ service: state.name }));
    api.setNotFoundHandler(async (_request, reply) => {
      reply.code(404).type('application/problem+json');
      return problem(404, 'There is nothing at this path');
    });
  });

  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      request.log.error({ err: error }, 'The request failed');
    }
    reply.code(status).type('application/problem+json');
    // What went wrong inside is for the log
    return problem(status, status < 500 ? error.message : 'Something went wrong');
  });
  return app;
}

function problem(status: number, title: string) {
  return { type: 'about:blank', title, status };
}
