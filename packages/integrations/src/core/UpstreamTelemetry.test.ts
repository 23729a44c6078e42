import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Span, Tracer } from '@opentelemetry/api';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import { createUpstreamHttp } from './createUpstreamHttp';

describe('UpstreamTelemetry', () => {
  const spans: { name: string; attributes: object; ended: boolean }[] = [];
  const measurements: [name: string, value: number, attributes: object][] = [];

  beforeAll(() => {
    trace.setGlobalTracerProvider({ getTracer: () => fakeTracer() });
    const instrument = (name: string) => ({
      record: (value: number, attributes: object) =>
        measurements.push([name, value, attributes]),
      add: (value: number, attributes: object) =>
        measurements.push([name, value, attributes]),
    });
    metrics.setGlobalMeterProvider({
      getMeter: () =>
        ({
          createHistogram: instrument,
          createCounter: instrument,
        } as unknown as Meter),
    });
  });

  afterAll(() => {
    trace.disable();
    metrics.disable();
  });

  it('has one span and one measurement for each call, whatever it took', async () => {
    const server = await ScriptedServer.start(() =>
      server.requests.length < 3 ? { status: 503 } : { body: '{}' },
    );
    const http = createUpstreamHttp({
      system: 'thing',
      instance: 'main',
      baseUrl: server.url,
      limits: { retryMinMs: 1, retryMaxMs: 2 },
    });
    await http.send({
      operation: 'read-thing',
      path: '/things/secret-name',
      query: { q: 'secret-query' },
    });
    server.script = { status: 403 };
    await http
      .send({ operation: 'read-thing', path: '/things/secret-name' })
      .catch(() => {});

    const common = {
      'waystone.system': 'thing',
      'waystone.instance': 'main',
      'waystone.operation': 'read-thing',
      'http.request.method': 'GET',
    };
    expect(spans).toEqual([
      {
        name: 'thing read-thing',
        ended: true,
        attributes: {
          ...common,
          'waystone.outcome': 'ok',
          'waystone.attempts': 3,
          'http.response.status_code': 200,
        },
      },
      {
        name: 'thing read-thing',
        ended: true,
        attributes: {
          ...common,
          'waystone.outcome': 'denied',
          'waystone.attempts': 1,
          'http.response.status_code': 403,
        },
      },
    ]);
    const call = { system: 'thing', instance: 'main', operation: 'read-thing' };
    expect(measurements).toEqual([
      [
        'integrations.calls.duration',
        expect.any(Number),
        { ...call, outcome: 'ok' },
      ],
      ['integrations.calls.retried', 2, call],
      [
        'integrations.calls.duration',
        expect.any(Number),
        { ...call, outcome: 'denied' },
      ],
    ]);
    expect(JSON.stringify([spans, measurements])).not.toContain('secret');
    await http.close();
    await server.stop();
  });

  function fakeTracer(): Tracer {
    return {
      startSpan: (name: string, options: { attributes: object }) => {
        const span = { name, attributes: options.attributes, ended: false };
        spans.push(span);
        return {
          setAttributes: (attributes: object) => {
            span.attributes = { ...span.attributes, ...attributes };
          },
          setStatus: () => {},
          end: () => {
            span.ended = true;
          },
        } as unknown as Span;
      },
    } as unknown as Tracer;
  }
});
