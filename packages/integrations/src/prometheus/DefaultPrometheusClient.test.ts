import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import { UpstreamError } from '../core/UpstreamError';
import { prometheusFailureOf } from './errors';
import { promql, promqlSelector } from './promql';
import { readPrometheusClients } from './readPrometheusClients';

describe('the client of Prometheus', () => {
  let respond: RequestListener;
  let seen: { method?: string; url?: string; headers: IncomingHttpHeaders }[];
  const server = createServer((req, res) => {
    seen.push({ method: req.method, url: req.url, headers: req.headers });
    respond(req, res);
  });
  let url: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    seen = [];
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const create = (config: object = {}) =>
    readPrometheusClients(
      new ConfigReader({
        waystone: {
          integrations: {
            prometheus: { instances: [{ name: 'main', url, ...config }] },
          },
        },
      }),
    )[0];

  const answer = (body: unknown, status = 200): RequestListener => {
    return (_req, res) => {
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
  };

  it('sends tenant, headers and credentials, and keeps all notes', async () => {
    respond = answer({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: {}, value: [1.5, 'NaN'] },
          { metric: { a: 'b' }, value: [1.5, '-Inf'] },
          {
            metric: { a: 'c' },
            histogram: [1.5, { count: '3', sum: '4.5', buckets: [] }],
          },
        ],
      },
      warnings: ['a store did not answer'],
      infos: ['no counter'],
    });
    const client = create({
      tenant: 'shop',
      headers: { 'X-Region': 'eu' },
      auth: { username: 'portal', password: 'pass' },
    });
    expect(await client.query(promql`up`)).toEqual({
      type: 'vector',
      series: [
        { metric: {}, value: { time: 1.5, value: NaN } },
        { metric: { a: 'b' }, value: { time: 1.5, value: -Infinity } },
        {
          metric: { a: 'c' },
          histogram: { time: 1.5, count: 3, sum: 4.5 },
        },
      ],
      warnings: ['a store did not answer'],
      infos: ['no counter'],
    });
    expect(seen[0].headers).toMatchObject({
      'x-scope-orgid': 'shop',
      'x-region': 'eu',
      authorization: `Basic ${Buffer.from('portal:pass').toString('base64')}`,
    });
    expect(seen[0].url).toContain('timeout=20000ms');
    await client.close();
  });

  it('takes no text for a number', async () => {
    respond = answer({
      status: 'success',
      data: { resultType: 'scalar', result: [1, 'many'] },
    });
    const client = create();
    await expect(client.query(promql`1`)).rejects.toMatchObject({
      code: 'unexpected-answer',
    });
    await client.close();
  });

  it('repeats a long query, which is a form, but not one that took too long', async () => {
    let calls = 0;
    respond = (req, res) => {
      calls++;
      if (calls === 1) {
        answer('upstream connect error', 503)(req, res);
      } else {
        answer(
          {
            status: 'error',
            errorType: 'timeout',
            error: 'query timed out in expression evaluation',
          },
          503,
        )(req, res);
      }
    };
    const client = create();
    const jobs = Array.from(
      { length: 500 },
      (_unused, index) => `job-${index}`,
    );
    const error = await client
      .query(promqlSelector('up', { job: jobs }))
      .catch(reason => reason);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      code: 'failed',
      advice: 'Ask for less: a shorter range or fewer series',
    });
    expect(prometheusFailureOf(error)?.errorType).toBe('timeout');
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(seen[0].headers['content-type']).toBe(
      'application/x-www-form-urlencoded',
    );
    await client.close();
  });

  it('does without a version', async () => {
    respond = (req, res) => {
      if (req.url!.includes('buildinfo')) {
        answer('404 page not found', 404)(req, res);
      } else {
        answer({
          status: 'success',
          data: { resultType: 'scalar', result: [1, '1'] },
        })(req, res);
      }
    };
    const client = create();
    expect(await client.upstream.probe()).toEqual({
      version: undefined,
      authenticated: true,
    });
    respond = answer('Unauthorized', 401);
    expect(await client.upstream.probe()).toEqual({ authenticated: false });
    await client.close();
  });

  it('refuses credentials that are given twice, without repeating them', () => {
    expect(() =>
      create({ auth: { token: 'hush', username: 'a', password: 'b' } }),
    ).toThrow(
      "Invalid configuration at 'waystone.integrations.prometheus.instances[0].auth': it needs 'token', or 'tokenFile', or 'username' and 'password'",
    );
  });
});
