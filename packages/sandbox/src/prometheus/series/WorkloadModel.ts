import { durationShare, meanDuration } from './durationShare';
import type { DurationSpread } from './durationShare';
import { hashText } from './hashText';
import { LoadCurve } from './LoadCurve';
import type { TrafficEvent } from './TrafficTable';
import { covers, findAt } from './WorkloadRecord';
import type { WorkloadRecord } from './WorkloadRecord';

/** How long before the first start the history begins, in milliseconds. */
export const HISTORY = 31 * 24 * 3600 * 1000;

/** The kinds of answers that are counted apart. */
export type Outcome = 'success' | 'refused' | 'failed';

/** A stretch of time in which nothing but the load's own rhythm changes. */
interface Segment {
  readonly time: number;
  readonly rate: number;
  readonly errors: number;
  readonly latency: number;
}

/** How many times have their integrals remembered. */
const REMEMBERED = 6;

/** What part of the load the failing of one crashing pod takes. */
const CRASH_ERRORS = 0.35;

/**
 * The requests to one workload: how many there were up to any time, with which outcome and how long they took, for
 * one of its pods.
 *
 * @internal
 */
export class WorkloadModel {
  readonly baseRate: number;
  readonly #load: LoadCurve;
  readonly #slowLoad: LoadCurve;
  readonly #errorLoad: LoadCurve;
  readonly #fast: DurationSpread;
  readonly #slow: DurationSpread;
  readonly #slowShare: number;
  readonly #failedShare: number;
  readonly #refusedShare: number;
  readonly #segments: readonly Segment[];
  /** The integrals at the start of each segment. */
  readonly #origins: readonly (readonly number[])[];
  /** What was counted before each segment, by outcome and bound. */
  readonly #sums: Record<Outcome, Map<number, Float64Array>> = {
    success: new Map(),
    refused: new Map(),
    failed: new Map(),
  };
  /** What {@link durationShare} says, by latency and bound. */
  readonly #measures = new Map<
    number,
    Map<number, readonly [number, number]>
  >();
  /** The integrals of the last times asked for; all series of a pod ask for the same ones. */
  readonly #recent: { time: number; integrals: readonly number[] }[] = [];
  #oldest = 0;

  constructor(
    workload: WorkloadRecord,
    traffic: readonly TrafficEvent[],
    epoch: number,
  ) {
    const { cluster, namespace, name } = workload;
    const id = `${cluster}/${namespace}/${name}`;
    const production = /-production$/.test(namespace);
    this.baseRate =
      (production ? 20 : 1.2) * (0.35 + 2.2 * hashText(`${name} rate`) ** 2);
    this.#load = new LoadCurve(id);
    this.#slowLoad = new LoadCurve(`${id} slow`, 1.2);
    this.#errorLoad = new LoadCurve(`${id} errors`, 1.15);
    this.#fast = {
      median: 0.018 + 0.06 * hashText(`${name} fast`),
      sigma: 0.5,
    };
    this.#slow = {
      median: 0.25 + 0.45 * hashText(`${name} slow`),
      sigma: 0.55,
    };
    this.#slowShare = 0.012 + 0.03 * hashText(`${name} slow share`);
    this.#failedShare = 0.0004 + 0.0022 * hashText(`${id} failed`) ** 2;
    this.#refusedShare = 0.006 + 0.02 * hashText(`${name} refused`);
    this.#segments = createSegments(workload, traffic, id, epoch);
    this.#origins = this.#segments.map(({ time }) => this.#integralsAt(time));
  }

  /** The load at a time, where 1 is usual. */
  loadAt(time: number): number {
    return this.#load.at(time / 1000) * this.#segmentAt(time).rate;
  }

  /**
   * How many requests one pod had had since the history began, as a number with a fraction.
   *
   * @param bound - counts only those that took at most so many seconds
   */
  countAt(time: number, outcome: Outcome, bound: number): number {
    const index = this.#indexAt(time);
    const before = this.#sumsOf(outcome, bound)[index];
    const origin = this.#origins[index];
    const integrals = this.#integralsAt(time);
    return (
      before +
      this.#count(
        this.#segments[index],
        outcome,
        bound,
        integrals[0] - origin[0],
        integrals[1] - origin[1],
        integrals[2] - origin[2],
      )
    );
  }

  /** How many seconds all these requests took together. */
  secondsAt(time: number, outcome: Outcome): number {
    return this.countAt(time, outcome, NaN);
  }

  #count(
    segment: Segment,
    outcome: Outcome,
    bound: number,
    load: number,
    slow: number,
    errors: number,
  ): number {
    const { rate, latency } = segment;
    const failing = segment.errors;
    const perSecond = this.baseRate * rate;
    const [fast, slowMeasure] = this.#measure(latency, bound);
    if (outcome === 'failed') {
      return (
        perSecond *
        (failing * load + (1 - failing) * this.#failedShare * errors) *
        fast
      );
    }
    if (outcome === 'refused') {
      return perSecond * (1 - failing) * this.#refusedShare * load * fast;
    }
    const scale =
      perSecond *
      (1 - failing) *
      (1 - this.#refusedShare) *
      (1 - this.#failedShare);
    return (
      scale *
      ((1 - this.#slowShare) * load * fast +
        this.#slowShare * slow * slowMeasure)
    );
  }

  /** Of fast and slow requests the share up to a bound, or with NaN for a bound the mean duration. */
  #measure(latency: number, bound: number): readonly [number, number] {
    let bounds = this.#measures.get(latency);
    if (!bounds) {
      bounds = new Map();
      this.#measures.set(latency, bounds);
    }
    let measures = bounds.get(bound);
    if (!measures) {
      measures = [
        measure(this.#fast, bound, latency),
        measure(this.#slow, bound, latency),
      ];
      bounds.set(bound, measures);
    }
    return measures;
  }

  #sumsOf(outcome: Outcome, bound: number): Float64Array {
    let sums = this.#sums[outcome].get(bound);
    if (!sums) {
      sums = new Float64Array(this.#segments.length);
      for (let index = 1; index < sums.length; index++) {
        const from = this.#origins[index - 1];
        const to = this.#origins[index];
        sums[index] =
          sums[index - 1] +
          this.#count(
            this.#segments[index - 1],
            outcome,
            bound,
            to[0] - from[0],
            to[1] - from[1],
            to[2] - from[2],
          );
      }
      this.#sums[outcome].set(bound, sums);
    }
    return sums;
  }

  #integralsAt(time: number): readonly number[] {
    for (const known of this.#recent) {
      if (known.time === time) {
        return known.integrals;
      }
    }
    const seconds = time / 1000;
    const integrals = [
      this.#load.integralAt(seconds),
      this.#slowLoad.integralAt(seconds),
      this.#errorLoad.integralAt(seconds),
    ];
    this.#recent[this.#oldest] = { time, integrals };
    this.#oldest = (this.#oldest + 1) % REMEMBERED;
    return integrals;
  }

  #indexAt(time: number): number {
    const segments = this.#segments;
    let index = segments.length - 1;
    while (index > 0 && segments[index].time > time) {
      index--;
    }
    return index;
  }

  #segmentAt(time: number): Segment {
    return this.#segments[this.#indexAt(time)];
  }
}

function measure(
  spread: DurationSpread,
  bound: number,
  latency: number,
): number {
  return Number.isNaN(bound)
    ? meanDuration(spread) * latency
    : durationShare(spread, bound / latency);
}

function createSegments(
  workload: WorkloadRecord,
  traffic: readonly TrafficEvent[],
  id: string,
  epoch: number,
): Segment[] {
  const start = epoch - HISTORY;
  const incidents = createIncidents(id, epoch);
  const times = new Set<number>([start]);
  for (const { from, to } of [...incidents, ...workload.pods]) {
    times.add(from);
    if (to !== undefined) {
      times.add(to);
    }
  }
  for (const { states } of workload.pods) {
    states.forEach(({ time }) => times.add(time));
  }
  traffic.forEach(({ time }) => times.add(time));
  const segments: Segment[] = [];
  for (const time of [...times].sort((left, right) => left - right)) {
    const live = workload.pods.filter(pod => covers(pod, time));
    const crashing = live.filter(
      ({ states }) => findAt(states, time)?.waiting === 'CrashLoopBackOff',
    ).length;
    const change = findAt(traffic, time);
    const incident = incidents.find(candidate => covers(candidate, time));
    const errors =
      (change?.errorRatio ?? 0) +
      (incident?.errors ?? 0) +
      (live.length > 0 ? (CRASH_ERRORS * crashing) / live.length : 0);
    const segment: Segment = {
      time,
      rate: (change?.rateFactor ?? 1) / Math.max(1, live.length),
      errors: Math.min(1, errors),
      latency: (change?.latencyFactor ?? 1) * (incident?.latency ?? 1),
    };
    const last = segments.at(-1);
    if (
      !last ||
      last.rate !== segment.rate ||
      last.errors !== segment.errors ||
      last.latency !== segment.latency
    ) {
      segments.push(segment);
    }
  }
  return segments;
}

/** What went wrong in the month before the first start, never on its last day. */
function createIncidents(id: string, epoch: number) {
  const count = Math.floor(hashText(`${id} incidents`) * 4);
  const day = 24 * 3600 * 1000;
  return Array.from({ length: count }, (_unused, index) => {
    const chance = (what: string) => hashText(`${id} ${what} ${index}`);
    const from = epoch - day * (1.5 + 27 * chance('when'));
    return {
      from,
      to: from + 60_000 * (6 + 30 * chance('length')),
      errors: 0.02 + 0.12 * chance('errors'),
      latency: 1 + 2 * chance('latency'),
    };
  });
}
