import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Measures and traces every request but those of the platform itself. */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  const tracer = trace.getTracer('http');

  app.addHook('onRequest', (request, _reply, done) => {
    const parent = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(
      `${request.method} ${routeOf(request)}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': request.method,
          'http.route': routeOf(request),
          'url.path': request.url.split('?')[0],
        },
      },
      parent,
    );
    spans.set(request, span);
    // What is called while the request is answered belongs to its trace
    context.with(trace.setSpan(parent, span), done);
  });

  app.addHook('onResponse', async (request, reply) => {
    const status = reply.statusCode;
    metrics.requests.record(reply.elapsedTime / 1000, {
      'http.request.method': request.method,
      'http.route': routeOf(request),
      'http.response.status_code': status,
      'url.scheme': request.protocol,
    });
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    span?.end();
  });
}

/** The pattern, not the path: paths are without number. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown';
}
