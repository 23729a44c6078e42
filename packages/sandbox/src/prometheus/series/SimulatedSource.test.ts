import { QueryEngine } from '../promql/QueryEngine';
import type { SeriesSource } from '../promql/SeriesSource';
import type { SimulatedWorkload } from './MetricFamily';
import { SimulatedSource } from './SimulatedSource';
import { HISTORY, WorkloadModel } from './WorkloadModel';
import type { WorkloadRecord } from './WorkloadRecord';

const EPOCH = Date.UTC(2026, 2, 1);
const MINUTE = 60_000;

const record: WorkloadRecord = {
  cluster: 'prod',
  namespace: 'shop-production',
  name: 'web',
  service: 'web',
  replicas: [],
  pods: [
    pod('a', [{ from: EPOCH - HISTORY }]),
    // Has crashed twice.
    pod('b', [
      { from: EPOCH - HISTORY, to: EPOCH + 10 * MINUTE },
      { from: EPOCH + 11 * MINUTE, to: EPOCH + 14 * MINUTE },
      { from: EPOCH + 15 * MINUTE },
    ]),
  ],
};

const workload: SimulatedWorkload = {
  record,
  model: new WorkloadModel(record, [], EPOCH),
  historyStart: EPOCH - HISTORY,
  small: false,
};

/** The same series without their short cut. */
function withoutSummaries(source: SeriesSource): SeriesSource {
  return {
    *select(matchers, from, to) {
      for (const series of source.select(matchers, from, to)) {
        yield {
          labels: series.labels,
          latest: (time, after, out) => series.latest(time, after, out),
          collect: (start, end, out) => series.collect(start, end, out),
        };
      }
    },
  };
}

describe('simulated series', () => {
  const source = new SimulatedSource(() => [workload]);
  const engine = new QueryEngine({ source });
  const slowEngine = new QueryEngine({ source: withoutSummaries(source) });
  const range = {
    start: EPOCH - 20 * MINUTE,
    end: EPOCH + 40 * MINUTE,
    step: 47_000,
  };

  it.each([
    'rate(http_server_request_duration_seconds_bucket[5m])',
    'increase(http_server_request_duration_seconds_sum[3m])',
    'rate(container_cpu_usage_seconds_total[90s])',
    'increase(http_server_request_duration_seconds_count[61s])',
    'increase(http_server_request_duration_seconds_count[25m])',
  ])('take a short cut to the same %s', async query => {
    const quick = await engine.queryRange(query, range);
    const slow = await slowEngine.queryRange(query, range);
    // As text: to compare so many objects one by one takes long.
    expect(JSON.stringify(quick.series)).toBe(JSON.stringify(slow.series));
    expect(quick.series.length).toBeGreaterThan(0);
  });

  it('begin anew with each process', async () => {
    const resets = await engine.queryInstant(
      'max by (pod) (resets(http_server_request_duration_seconds_count[30m]))',
      EPOCH + 25 * MINUTE,
    );
    expect(resets).toMatchObject({
      series: [{ point: { value: 0 } }, { point: { value: 2 } }],
    });
    const up = await engine.queryInstant('sum(up)', EPOCH + 10.9 * MINUTE);
    expect(up).toMatchObject({ series: [{ point: { value: 1 } }] });
  });

  it('are none of its own where nobody made it show any', async () => {
    const silent = new QueryEngine({
      source: new SimulatedSource(() => [
        { ...workload, record: { ...record, unscraped: true } },
      ]),
    });
    const names = async (query: string) => {
      const result = await silent.queryInstant(query, EPOCH);
      return result.type === 'vector' ? result.series.length : undefined;
    };
    expect(await names('up')).toBe(0);
    expect(await names('http_server_request_duration_seconds_count')).toBe(0);
    expect(await names('container_memory_working_set_bytes')).toBe(2);
  });

  it('have buckets that contain each other', async () => {
    const result = await engine.queryInstant(
      'http_server_request_duration_seconds_bucket{pod="a",http_route="/webs",http_response_status_code="200"}',
      EPOCH,
    );
    const counts =
      result.type === 'vector'
        ? result.series
            .map(({ labels, point }) => ({
              bound: Number(labels.get('le').replace('+Inf', 'Infinity')),
              count: point.value,
            }))
            .sort((left, right) => left.bound - right.bound)
            .map(({ count }) => count)
        : [];
    expect(counts).toHaveLength(15);
    expect(counts).toEqual([...counts].sort((left, right) => left - right));
  });
});

function pod(
  name: string,
  runs: WorkloadRecord['pods'][number]['runs'],
): WorkloadRecord['pods'][number] {
  return {
    name,
    uid: name,
    node: 'node-1',
    address: '10.0.0.1',
    container: 'app',
    image: 'web:1',
    from: EPOCH - HISTORY,
    runs,
    states: [],
  };
}
