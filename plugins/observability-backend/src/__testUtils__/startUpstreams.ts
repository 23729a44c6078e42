import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the metrics of a service say. Rates are by the second. */
export interface ScriptedService {
  readonly cluster?: string;
  readonly namespace: string;
  readonly service: string;
  requests: number;
  errors: number;
  /** What rules record of its promises: their labels, and the target. */
  readonly promised?: readonly (readonly [Record<string, string>, number])[];
}

/** A Prometheus and an Alertmanager in one server, over HTTP, that answer what a test wants. */
export interface Upstreams {
  readonly url: string;
  services: ScriptedService[];
  /** As `/api/v1/alerts` of Prometheus has them. */
  ruled: object[];
  /** As `/api/v2/alerts` of the Alertmanager has them. */
  fired: object[];
  /** Both are out of order. */
  down: boolean;
  /** How far the clock is ahead, in seconds. */
  skew: number;
  /** The values of every range query, if not those of the services. */
  values?: string[];
  /** Bytes that are added to every answer of a range query. */
  padding: number;
  /** What Prometheus warns of. */
  warnings: string[];
  /** All requests since the last time they were taken. */
  takeRequests(): string[];
  close(): Promise<void>;
}

/** @internal */
export async function startUpstreams(): Promise<Upstreams> {
  let requests: string[] = [];
  const server = createServer();
  const upstreams: Upstreams = {
    url: '',
    services: [],
    ruled: [],
    fired: [],
    down: false,
    skew: 0,
    padding: 0,
    warnings: [],
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };

  const answer = (res: ServerResponse, path: string, form: URLSearchParams) => {
    const json = (body: unknown) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body));
    };
    const success = (data: unknown, rest: object = {}) =>
      json({ status: 'success', data, ...rest });
    if (path.endsWith('/label/__name__/values')) {
      success(['http_server_request_duration_seconds_count']);
    } else if (path.endsWith('/api/v1/alerts')) {
      success({ alerts: upstreams.ruled });
    } else if (path.endsWith('/api/v2/alerts')) {
      json(upstreams.fired);
    } else if (path.endsWith('/query_range')) {
      success(
        { resultType: 'matrix', result: createRange(upstreams, form) },
        {
          warnings: upstreams.warnings,
          infos: upstreams.padding > 0 ? ['x'.repeat(upstreams.padding)] : [],
        },
      );
    } else {
      success({ resultType: 'vector', result: createVector(upstreams, form) });
    }
  };

  server.on('request', async (req, res) => {
    const url = new URL(req.url!, 'http://localhost');
    const form = await readForm(req, url);
    requests.push(`${url.pathname} ${form.get('query') ?? ''}`);
    if (upstreams.down) {
      res.writeHead(503).end('out of order');
      return;
    }
    answer(res, url.pathname, form);
  });
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return Object.assign(upstreams, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

async function readForm(
  req: IncomingMessage,
  url: URL,
): Promise<URLSearchParams> {
  return req.method === 'POST'
    ? new URLSearchParams(await text(req))
    : url.searchParams;
}

function partsOf(form: URLSearchParams): string[] {
  return [
    ...(form.get('query') ?? '').matchAll(/"waystone_part", "([^"]+)"/g),
  ].map(match => match[1]);
}

function labelsOf({ cluster, namespace, service }: ScriptedService) {
  return { ...(cluster && { cluster }), namespace, service };
}

function createVector(upstreams: Upstreams, form: URLSearchParams): object[] {
  const now = Date.now() / 1000 + upstreams.skew;
  if (form.get('query')!.startsWith('topk')) {
    return [
      {
        metric: { http_route: '/pay', http_response_status_code: '500' },
        value: [now, '30'],
      },
      { metric: { http_route: '/' }, value: [now, '10'] },
    ];
  }
  return upstreams.services.flatMap(service =>
    partsOf(form).flatMap(part => {
      const value = valueOf(service, part);
      if (part === 'objectives') {
        const { namespace, promised = [], service: name } = service;
        return promised.map(([labels, target]) => ({
          metric: { namespace, service: name, ...labels, waystone_part: part },
          value: [now, String(target)],
        }));
      }
      return value === undefined
        ? []
        : [
            {
              metric: { ...labelsOf(service), waystone_part: part },
              value: [now, String(value)],
            },
          ];
    }),
  );
}

function createRange(upstreams: Upstreams, form: URLSearchParams): object[] {
  const [start, end, step] = ['start', 'end', 'step'].map(name =>
    parseFloat(form.get(name)!),
  );
  const times: number[] = [];
  for (let time = start; time <= end; time += step) {
    times.push(time);
  }
  return upstreams.services.flatMap(service =>
    partsOf(form).flatMap(part => {
      const value = valueOf(service, part);
      const increase = part.startsWith('otel') ? step : 1;
      return value === undefined
        ? []
        : [
            {
              metric: { ...labelsOf(service), waystone_part: part },
              values: times.map((time, index) => [
                time,
                upstreams.values?.[index % upstreams.values.length] ??
                  String(value * increase),
              ]),
            },
          ];
    }),
  );
}

function valueOf(service: ScriptedService, part: string): number | undefined {
  if (/(^|\s)requests$/.test(part)) {
    return service.requests;
  }
  if (/(^|\s)errors$/.test(part)) {
    return service.errors;
  }
  if (/(^|\s)fast \d/.test(part)) {
    return service.requests * 0.9;
  }
  return /(^|\s)p\d\d$/.test(part) ? 0.25 : undefined;
}
