import type { Objective } from '@waystone/plugin-observability-common';
import {
  fastKind,
  RequestSignals,
  TREND_STEP,
  WINDOW_STEP,
} from '../fleet/WorkloadSignals';
import {
  describeHealth,
  formatCount,
  formatPercent,
  formatSeconds,
} from './describeHealth';
import { burnsNow, measureSlo } from './measureSlo';

const objective: Objective = {
  name: 'availability',
  target: 0.999,
  windowDays: 30,
  source: 'default',
};

const LAST_WINDOW = 80_000;
const last = {
  window: LAST_WINDOW,
  // Two steps have passed since the last one of the window.
  trend: ((LAST_WINDOW + 1) * WINDOW_STEP) / TREND_STEP + 1,
};

/** A service with a thousand requests a step. */
function signals(options: {
  readonly errors?: number;
  readonly now?: number;
  readonly hour?: number;
  readonly slow?: number;
}) {
  const { errors = 0, hour = 0, now = 0, slow } = options;
  const made = new RequestSignals(120);
  for (let step = 0; step < 120; step++) {
    made.window.set('requests', last.window - step, 1000);
    made.window.set('errors', last.window - step, errors);
    if (slow !== undefined) {
      made.window.set(fastKind(0.5), last.window - step, 1000 - slow);
    }
  }
  for (let step = 0; step < 48; step++) {
    made.trend.set('requests', last.trend - step, 1000);
    made.trend.set('errors', last.trend - step, errors);
  }
  made.now.set('5m requests', 10);
  made.now.set('5m errors', 10 * now);
  made.now.set('1h requests', 10);
  made.now.set('1h errors', 10 * hour);
  return made;
}

describe('a promise', () => {
  it('is kept', () => {
    const slo = measureSlo(objective, signals({ errors: 0.5 }), last);
    expect(slo).toMatchObject({ state: 'met', requests: 122_000 });
    expect(slo.good).toBeCloseTo(0.9995);
    expect(slo.budgetLeft).toBeCloseTo(0.5);
    expect(slo.burnRates.map(({ window }) => window)).toEqual([
      '5m',
      '1h',
      '6h',
      '1d',
      '3d',
    ]);
    expect(burnsNow(slo)).toBe(false);
  });

  it('is in danger with little budget left', () => {
    expect(measureSlo(objective, signals({ errors: 0.8 }), last).state).toBe(
      'at-risk',
    );
  });

  it('is broken', () => {
    const slo = measureSlo(objective, signals({ errors: 2 }), last);
    expect(slo.state).toBe('exhausted');
    expect(slo.budgetLeft).toBeCloseTo(-1);
    expect(burnsNow(slo)).toBe(false);
  });

  it('burns if both the long and the short window say so', () => {
    const burning = measureSlo(
      objective,
      signals({ now: 0.12, hour: 0.03 }),
      last,
    );
    expect(burning.state).toBe('burning');
    expect(burnsNow(burning)).toBe(true);
    const over = measureSlo(objective, signals({ now: 0, hour: 0.03 }), last);
    expect(over.state).toBe('met');
    expect(burnsNow(over)).toBe(false);
  });

  it('of latency counts what was not fast', () => {
    const slo = measureSlo(
      {
        name: 'latency',
        target: 0.95,
        thresholdSeconds: 0.5,
        windowDays: 30,
        source: 'annotation',
      },
      signals({ slow: 10 }),
      { ...last, trend: last.trend - 2 },
    );
    expect(slo.good).toBeCloseTo(0.99);
    expect(slo.budgetLeft).toBeCloseTo(0.8);
  });

  it('of latency is unknown without a bucket that ends there', () => {
    const slo = measureSlo(
      {
        name: 'latency',
        target: 0.95,
        thresholdSeconds: 0.3,
        windowDays: 30,
        source: 'annotation',
      },
      signals({ slow: 10 }),
      last,
    );
    expect(slo).toMatchObject({
      state: 'unknown',
      good: null,
      budgetLeft: null,
    });
  });

  it('is unknown without a request, not broken and not kept', () => {
    const slo = measureSlo(objective, new RequestSignals(120), last);
    expect(slo).toMatchObject({ state: 'unknown', good: null, requests: null });
    expect(slo.burnRates.every(({ rate }) => rate === null)).toBe(true);
  });
});

describe('the sentence', () => {
  const recipe = { id: 'otel-http', title: 'OpenTelemetry HTTP' };
  const values = { requests: 10, errors: 0, p95Seconds: 0.182 };

  it('says what is well', () => {
    expect(
      describeHealth({
        state: 'healthy',
        signals: values,
        slos: [measureSlo(objective, signals({ errors: 0.29 }), last)],
        recipe,
        firing: [],
        knownDays: 30,
      }),
    ).toBe(
      'Healthy. 99.971 % of 122 k requests in 30 days; p95 182 ms; 71 % of the error budget left.',
    );
  });

  it('says what is wrong first', () => {
    expect(
      describeHealth({
        state: 'critical',
        signals: values,
        slos: [
          measureSlo(
            objective,
            signals({ errors: 2, now: 0.12, hour: 0.03 }),
            last,
          ),
        ],
        recipe,
        firing: ['HighErrorRatio', 'Slow'],
        knownDays: 4,
      }),
    ).toBe(
      'Failing. 12 % of requests fail now, 120 times what was promised. 2 alerts fire, such as HighErrorRatio. 99.8 % of 122 k requests in 4 days; p95 182 ms; the error budget is spent.',
    );
  });

  it('says that nothing is known', () => {
    expect(
      describeHealth({
        state: 'unknown',
        signals: { requests: null, errors: null, p95Seconds: null },
        slos: [],
        recipe: undefined,
        firing: [],
        knownDays: 0,
      }),
    ).toBe('Unknown. There are no metrics of requests.');
  });

  it('writes numbers that people read, and never rounds a failure away', () => {
    expect(
      [0.9999999, 0.99971, 0.5, 0.0012, 0].map(each => formatPercent(each)),
    ).toEqual(['99.999 %', '99.971 %', '50 %', '0.12 %', '0 %']);
    expect([5, 1234, 1_240_000, 3e9].map(formatCount)).toEqual([
      '5',
      '1.2 k',
      '1.2 M',
      '3 G',
    ]);
    expect([0.182, 0.0005, 1.5].map(formatSeconds)).toEqual([
      '182 ms',
      '0.5 ms',
      '1.5 s',
    ]);
  });
});
