import { Labels } from '../Labels';
import type { SeriesSource } from '../SeriesSource';
import { StoredSeries } from '../StoredSeries';

/** The first sample's time, in milliseconds. */
export const DATA_START = Date.UTC(2026, 0, 15, 12);

/** The time between samples, in milliseconds. */
const INTERVAL = 15_000;

/** How many samples a series has at most: two hours. */
const COUNT = 481;

interface DataSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** The sample with this number, if there is one. */
  valueAt(index: number): number | undefined;
  /** How many milliseconds its samples come late. */
  readonly delay?: number;
}

/** Numbers between 0 and 1 that look like noise and are the same everywhere. */
function noise(index: number, seed: number): number {
  return ((index * 7919 + seed * 104_729) % 1009) / 1009;
}

function counter(seed: number, perSample: number) {
  const sums: number[] = [0];
  for (let index = 1; index < COUNT; index++) {
    sums.push(
      sums[index - 1] + Math.round(perSample * (0.5 + noise(index, seed))),
    );
  }
  return sums;
}

const BOUNDS = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '+Inf'];

function* histogram(job: string, seed: number): Iterable<DataSeries> {
  const totals = counter(seed, 40);
  const shares = [0.31, 0.52, 0.74, 0.88, 0.961, 0.99, 1];
  for (const [index, le] of BOUNDS.entries()) {
    yield {
      labels: { __name__: 'request_duration_seconds_bucket', job, le },
      valueAt: at => Math.floor(totals[at] * shares[index]),
    };
  }
  yield {
    labels: { __name__: 'request_duration_seconds_sum', job },
    valueAt: at => totals[at] * 0.231,
  };
  yield {
    labels: { __name__: 'request_duration_seconds_count', job },
    valueAt: at => totals[at],
  };
}

function* requests(): Iterable<DataSeries> {
  let seed = 0;
  for (const job of ['api', 'web']) {
    for (const instance of ['a:80', 'b:80', 'c:80']) {
      for (const code of ['200', '404', '500']) {
        seed += 1;
        const values = counter(seed, code === '200' ? 90 : 4);
        const reset = seed % 4 === 0 ? 230 : Infinity;
        const delay = seed * 171;
        yield {
          labels: { __name__: 'requests_total', job, instance, code },
          valueAt: index =>
            index < reset ? values[index] : values[index] - values[reset],
          delay,
        };
      }
    }
  }
}

function* gauges(): Iterable<DataSeries> {
  for (const [index, room] of ['kitchen', 'hall', 'attic'].entries()) {
    yield {
      labels: { __name__: 'temperature_celsius', room },
      valueAt: at =>
        18 + index * 3 + Math.sin(at / 23) * 4 + noise(at, index) * 0.7,
    };
  }
  yield {
    // Has a gap of twelve minutes and ends after an hour and a half.
    labels: { __name__: 'queue_length', queue: 'mail' },
    valueAt: at =>
      (at > 200 && at < 248) || at > 360 ? undefined : Math.round(at % 37),
  };
  yield {
    labels: { __name__: 'queue_length', queue: 'print' },
    valueAt: at => (at % 3 === 1 ? undefined : 5 - (at % 11)),
  };
  yield {
    labels: { __name__: 'strange', kind: 'nan' },
    valueAt: at => (at % 5 === 0 ? NaN : at / 7),
  };
  yield {
    labels: { __name__: 'strange', kind: 'infinite' },
    valueAt: at => (at % 2 === 0 ? Infinity : -Infinity),
  };
  yield {
    labels: { __name__: 'strange', kind: 'zero' },
    valueAt: () => 0,
  };
  yield {
    labels: { __name__: 'strange', kind: 'huge' },
    valueAt: at => (at % 2 === 0 ? 1.7e308 : 1.6e308),
  };
  yield {
    labels: { __name__: 'strange', kind: 'tiny' },
    valueAt: at => 1e-9 * (1 + at),
  };
  yield {
    labels: { __name__: 'birthday_timestamp_seconds', who: 'ada' },
    valueAt: () => 1_709_208_000,
  };
  yield {
    labels: { __name__: 'birthday_timestamp_seconds', who: 'alan' },
    valueAt: () => 1_703_980_799,
  };
  for (const [index, version] of ['1.9', '1.10', '2.0'].entries()) {
    yield {
      labels: {
        __name__: 'build_info',
        instance: `${'abc'[index]}:80`,
        version,
        note: 'says "hi"\\ä',
      },
      valueAt: () => 1,
    };
  }
}

function* brokenHistograms(): Iterable<DataSeries> {
  // Falls from the second to the third bucket.
  const counts = [10, 40, 35, 60, 60, 80];
  for (const [index, le] of ['-1', '0', '1', '2', '4', '+Inf'].entries()) {
    yield {
      labels: { __name__: 'broken_bucket', kind: 'falling', le },
      valueAt: at => counts[index] * (1 + at),
    };
  }
  for (const le of ['1', '2', 'many']) {
    yield {
      labels: { __name__: 'broken_bucket', kind: 'open', le },
      valueAt: at => 3 * at,
    };
  }
  for (const le of ['1', '2', '+Inf']) {
    yield {
      labels: { __name__: 'broken_bucket', kind: 'empty', le },
      valueAt: () => 0,
    };
  }
}

/** All series of the data set, in the order in which they are written. */
export const DATA_SET: readonly DataSeries[] = [
  ...requests(),
  ...histogram('api', 31),
  ...histogram('web', 57),
  ...gauges(),
  ...brokenHistograms(),
];

function* samplesOf({ valueAt, delay = 0 }: DataSeries) {
  for (let index = 0; index < COUNT; index++) {
    const value = valueAt(index);
    if (value !== undefined) {
      yield { time: DATA_START + index * INTERVAL + delay, value };
    }
  }
}

/** The data set as the evaluator reads it. */
export function createDataSource(): SeriesSource {
  const series = DATA_SET.map(item => {
    const samples = [...samplesOf(item)];
    return new StoredSeries(
      Labels.of(item.labels),
      samples.map(({ time }) => time),
      samples.map(({ value }) => value),
    );
  });
  return {
    select: matchers =>
      series.filter(({ labels }) =>
        matchers.every(matcher => matcher.matches(labels.get(matcher.name))),
      ),
  };
}

/** The data set in the OpenMetrics text format, for `promtool tsdb create-blocks-from openmetrics`. */
export function* writeOpenMetrics(): Iterable<string> {
  let family = '';
  for (const item of DATA_SET) {
    const { __name__: name, ...labels } = item.labels;
    if (name !== family) {
      family = name;
      yield `# TYPE ${name} unknown\n`;
    }
    const text = Object.entries(labels)
      .map(
        ([label, value]) =>
          `${label}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
      )
      .join(',');
    for (const { time, value } of samplesOf(item)) {
      const number = Number.isFinite(value)
        ? String(value)
        : String(value).replace('Infinity', 'Inf');
      yield `${name}{${text}} ${number} ${(time / 1000).toFixed(3)}\n`;
    }
  }
  yield '# EOF\n';
}
