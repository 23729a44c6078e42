import { SampleHistory } from './SampleHistory';

/** The steps of the trend: half an hour, over a day. In seconds. */
export const TREND_STEP = 1800;
export const TREND_STEPS = 48;

/** The steps of the windows of objectives: a quarter of a day. In seconds. */
export const WINDOW_STEP = 21_600;

/** The windows in which the present is counted, in seconds. */
export const SHORT_WINDOWS = { '5m': 300, '1h': 3600 } as const;

/** @internal */
export type ShortWindow = keyof typeof SHORT_WINDOWS;

/** The kind of counts of requests that took at most so many seconds. */
export function fastKind(seconds: number): string {
  return `fast ${seconds}`;
}

/** What is known of the requests to one service in one place by one recipe. */
export class RequestSignals {
  /** A second, by window and kind such as `5m requests`. */
  readonly now = new Map<string, number>();
  p95Seconds?: number;
  readonly trend = new SampleHistory(TREND_STEPS + 2);
  readonly window: SampleHistory;

  constructor(windowSteps: number) {
    this.window = new SampleHistory(windowSteps);
  }

  /** How many a second; failures and fast ones are 0 where there are requests and no series of them. */
  rate(window: ShortWindow, kind: string): number | undefined {
    const requests = this.now.get(`${window} requests`);
    return (
      this.now.get(`${window} ${kind}`) ??
      (requests !== undefined && kind === 'errors' ? 0 : undefined)
    );
  }
}

/** One service in one place, as the metrics know it. */
export interface Workload {
  /** The instance of Prometheus. */
  readonly source: string;
  readonly cluster?: string;
  /** Whether its series say the cluster themselves. */
  readonly labelled: boolean;
  readonly namespace: string;
  readonly service: string;
  /** By the id of the recipe. */
  readonly signals: Map<string, RequestSignals>;
  /** What its rules promise. */
  objectives: readonly RuledObjective[];
}

/** An objective that is recorded by the rules of an application. */
export interface RuledObjective {
  readonly name: 'availability' | 'latency';
  readonly target: number;
  readonly windowDays: number;
  readonly thresholdSeconds?: number;
}
