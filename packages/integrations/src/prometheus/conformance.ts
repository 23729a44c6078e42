import { UpstreamError } from '../core/UpstreamError';
import { eventually } from '../testUtils/eventually';
import type { PrometheusClient } from './Client';
import { createPrometheusClient } from './createPrometheusClient';
import { prometheusFailureOf } from './errors';
import { Promql, promql, promqlDuration, promqlSelector } from './promql';

/** A Prometheus that scrapes something. @public */
export interface PrometheusUnderTest {
  readonly url: string;
  /** Sent as bearer token, if there is one. */
  readonly token?: string;
  close?(): Promise<void>;
}

/**
 * What {@link PrometheusClient} needs of a Prometheus. Runs on the sandbox and on real servers; only reads.
 *
 * @public
 */
export function testPrometheusClient(options: {
  create(): Promise<PrometheusUnderTest>;
}): void {
  describe('the client of Prometheus', () => {
    let server: PrometheusUnderTest;
    let client: PrometheusClient;
    const up = promqlSelector('up');

    beforeAll(async () => {
      server = await options.create();
      client = createPrometheusClient({
        instance: 'test',
        baseUrl: server.url,
        ...(server.token && {
          authorization: () => ({ authorization: `Bearer ${server.token}` }),
        }),
      });
      await eventually(
        () => client.query(up),
        result => result.type === 'vector' && result.series.length > 0,
      );
    });

    afterAll(async () => {
      await client?.close();
      await server?.close?.();
    });

    const failureOf = async (call: Promise<unknown>): Promise<UpstreamError> =>
      call.then(
        () => {
          throw new Error('It should have failed');
        },
        error => {
          if (error instanceof UpstreamError) {
            return error;
          }
          throw error;
        },
      );

    it('reads the version and answers the probe', async () => {
      expect(await client.buildInfo()).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      expect(await client.upstream.probe()).toMatchObject({
        authenticated: true,
      });
      expect(client.upstream.health()).toMatchObject({ reachable: true });
    });

    it('evaluates a vector now and at another time', async () => {
      const result = await client.query(up);
      if (result.type !== 'vector') {
        throw new Error(`It is a ${result.type}`);
      }
      const [sample] = result.series;
      expect(sample.metric).toMatchObject({
        __name__: 'up',
        job: expect.any(String),
        instance: expect.any(String),
      });
      expect([0, 1]).toContain(sample.value?.value);
      expect(Math.abs(sample.value!.time - Date.now() / 1000)).toBeLessThan(
        300,
      );
      const then = await client.query(promql`time()`, {
        time: 1_700_000_000.5,
      });
      expect(then).toMatchObject({
        type: 'scalar',
        value: { time: 1_700_000_000.5, value: 1_700_000_000.5 },
      });
    });

    it('keeps what is no number apart from 0', async () => {
      const values = await Promise.all(
        ['0 / 0', '1 / 0', '-1 / 0', '0 * 1'].map(async text => {
          const result = await client.query(Promql.trusted(text));
          return result.type === 'scalar' ? result.value.value : undefined;
        }),
      );
      expect(values).toEqual([NaN, Infinity, -Infinity, 0]);
    });

    it('reads strings and range vectors', async () => {
      expect(await client.query(promql`${'a "text"\n'}`)).toMatchObject({
        type: 'string',
        value: 'a "text"\n',
      });
      const result = await client.query(promql`${up}[${promqlDuration(300)}]`);
      expect(result).toMatchObject({ type: 'matrix' });
    });

    it('evaluates over time, at whole steps, absent where there is nothing', async () => {
      const end = Math.floor(Date.now() / 1000);
      const result = await client.queryRange(
        promql`vector(time()) > ${end - 300}`,
        { start: end - 1000, end, points: 100 },
      );
      expect(result.step).toBe(15);
      expect(result.start % 15).toBe(0);
      const [series] = result.series;
      expect(series.values[0].time).toBeGreaterThan(end - 300);
      expect(series.values.every(({ time, value }) => time === value)).toBe(
        true,
      );
      expect(
        series.values.every(
          ({ time }, index) => time === series.values[0].time + 15 * index,
        ),
      ).toBe(true);
    });

    it('never asks for more points than the server gives', async () => {
      const end = Math.floor(Date.now() / 1000);
      const month = 30 * 24 * 3600;
      const result = await client.queryRange(promql`vector(1)`, {
        start: end - month,
        end,
        step: 1,
      });
      expect(result.step).toBeGreaterThan(month / 11_000);
      expect(result.series[0].values.length).toBeLessThanOrEqual(11_000);
      expect(result.series[0].values.length).toBeGreaterThan(1_000);
    });

    it('refuses a range that ends before it starts', async () => {
      const error = await failureOf(
        client.queryRange(up, { start: 200, end: 100 }),
      );
      expect(error.code).toBe('invalid');
    });

    it('lists series, labels and values', async () => {
      const range = { start: Date.now() / 1000 - 600, end: Date.now() / 1000 };
      const series = await client.series({ match: [up], ...range });
      expect(series.items[0]).toMatchObject({ __name__: 'up' });
      const names = await client.labelNames({ match: [up], ...range });
      expect(names.items).toEqual(
        expect.arrayContaining(['__name__', 'instance', 'job']),
      );
      const jobs = await client.labelValues('job', { match: [up], ...range });
      expect(jobs.items).toContain(series.items[0].job);
      const none = await client.labelValues('no_such_label');
      expect(none.items).toEqual([]);
    });

    it('narrows by labels', async () => {
      const all = await client.series({ match: [up] });
      const [{ job }] = all.items;
      const one = await client.series({
        match: [promqlSelector('up', { job: [job, 'other.*'] })],
      });
      expect(one.items.length).toBeGreaterThan(0);
      expect(one.items.every(labels => labels.job === job)).toBe(true);
    });

    it('lets no value change a query', async () => {
      for (const job of [
        'x"} or vector(1) or up{job="',
        '\\',
        '\\" or vector(1) #',
        "'`\n{}[]()",
        '\ud800',
      ]) {
        const result = await client.query(promqlSelector('up', { job }));
        expect(result).toMatchObject({ type: 'vector', series: [] });
      }
      const [{ job }] = (await client.series({ match: [up] })).items;
      const pattern = await client.query(
        promqlSelector('up', { job: [`${job[0]}.*`, '(', '[a-z'] }),
      );
      expect(pattern).toMatchObject({ type: 'vector', series: [] });
    });

    it('sends long queries', async () => {
      const jobs = Array.from({ length: 2_000 }, (_unused, i) => `job-${i}`);
      const result = await client.query(
        promql`count(${up}) or ${promqlSelector('up', { job: jobs })}`,
      );
      expect(result).toMatchObject({ type: 'vector' });
      const series = await client.series({
        match: [promqlSelector('up', { job: jobs })],
      });
      expect(series.items).toEqual([]);
    });

    it('says where a query cannot be read', async () => {
      const error = await failureOf(
        client.query(Promql.trusted('sum(rate(up[5m])')),
      );
      expect(error).toMatchObject({ code: 'invalid', status: 400 });
      expect(prometheusFailureOf(error)).toMatchObject({
        errorType: 'bad_data',
        error: expect.stringMatching(
          /1:17: parse error: unclosed left parenthesis/,
        ),
      });
    });

    it('says why a query cannot be evaluated', async () => {
      const error = await failureOf(
        client.query(
          Promql.trusted(
            'label_replace(vector(1), "a", "$1", "b", "(") + vector(1)',
          ),
        ),
      );
      expect(error).toMatchObject({ code: 'invalid', status: 422 });
      expect(prometheusFailureOf(error)?.errorType).toBe('execution');
    });

    it('takes notes along', async () => {
      const version = (await client.buildInfo())!.version;
      const result = await client.query(
        promql`rate(${up}[${promqlDuration(3600)}])`,
      );
      expect(result.warnings).toEqual([]);
      // Servers before 3 have no such notes.
      const counter = /metric might not be a counter/;
      const noted = result.infos.filter(info => counter.test(info)).length;
      expect(noted).toBe(version.startsWith('2.') ? 0 : 1);
    });

    it('lists rules, alerts, targets and metadata', async () => {
      const rules = await client.rules();
      for (const group of rules.items) {
        expect(group.interval).toBeGreaterThan(0);
      }
      const alerting = await client.rules({ type: 'alert' });
      expect(
        alerting.items.flatMap(group => group.rules.map(({ type }) => type)),
      ).not.toContain('recording');
      for (const alert of (await client.alerts()).items) {
        expect(alert.labels.alertname).toEqual(expect.any(String));
      }
      const targets = await client.targets();
      expect(targets.items.map(({ health }) => health)).toContain('up');
      const [{ scrapePool }] = targets.items;
      const ofPool = await client.targets({ scrapePool });
      expect(new Set(ofPool.items.map(item => item.scrapePool))).toEqual(
        new Set([scrapePool]),
      );
      expect(Object.keys(await client.metadata()).length).toBeGreaterThan(0);
    });

    it('ends when nobody waits any more', async () => {
      const error = await failureOf(
        client.query(up, { signal: AbortSignal.abort() }),
      );
      expect(error.code).toBe('cancelled');
    });

    it('tells another server from an empty answer', async () => {
      const other = createPrometheusClient({
        instance: 'other',
        baseUrl: `${server.url}/no-such-path`,
        ...(server.token && {
          authorization: () => ({ authorization: `Bearer ${server.token}` }),
        }),
      });
      try {
        const error = await failureOf(other.query(up));
        expect(error.code).toBe('not-found');
      } finally {
        await other.close();
      }
    });
  });
}
