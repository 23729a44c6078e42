import type { SandboxContext } from '../../core/SandboxContext';
import type { KubernetesObject, PodLogSource } from '../KubernetesCluster';
import type { ContainerStatus } from './containerStates';
import { findContainer } from './containerStates';
import type { LogEntry, LogFormat, LoggingProgram } from './logFormats';
import { logFormatOf } from './logFormats';
import type {
  BehavingContainer,
  PodBehaviour,
  PodBehaviours,
} from './PodBehaviours';
import { parseImage } from './PodBehaviours';

/** A log is as long as a node keeps it: older lines are rotated away. */
const KEPT_LINES = 2000;
/** The time between two lines of work, in milliseconds. */
const PERIOD = 4000;
const START_STEP = 140;

interface Line {
  readonly time: Date;
  readonly line: string;
}

/**
 * What simulated containers log. Lines are derived from the container's start, the time and the seed: the same pod
 * says the same at every reading, only more of it, and nothing is kept.
 *
 * @internal
 */
export function createPodLogSource(
  context: Pick<SandboxContext, 'random'>,
  behaviours: PodBehaviours,
): PodLogSource {
  return (pod, { container: name, previous }) => {
    const container = findSpec(pod, name);
    const status = findContainer(pod, name);
    const run = container && status && findRun(status, previous);
    if (!run) {
      return [];
    }
    const isJob = (pod.spec.restartPolicy ?? 'Always') !== 'Always';
    const writer = new LogWriter(
      context,
      logFormatOf(name, isJob),
      {
        name,
        version: parseImage(container.image).tag,
        pod: pod.metadata.name!,
      },
      `${pod.metadata.uid} ${name}`,
    );
    return writer
      .write({
        ...run,
        isJob,
        behaviourAt: time => behaviours.of(pod, container, time),
      })
      .slice(-KEPT_LINES);
  };
}

interface Run {
  readonly start: number;
  /** The end if it has ended, else now. */
  readonly end: number;
  readonly exitCode?: number;
}

interface Behaviour {
  readonly isJob: boolean;
  readonly behaviourAt: (time: number) => PodBehaviour;
}

function findSpec(
  pod: KubernetesObject,
  name: string,
): BehavingContainer | undefined {
  return [
    ...(pod.spec.containers as BehavingContainer[]),
    ...((pod.spec.initContainers ?? []) as BehavingContainer[]),
  ].find(container => container.name === name);
}

function findRun(status: ContainerStatus, previous: boolean): Run | undefined {
  const { state, lastState, restartCount } = status;
  // A container that ended and has not started again is both the present one and the one before.
  const terminated =
    previous && restartCount > 0
      ? lastState.terminated ?? state.terminated
      : previous
      ? undefined
      : state.terminated ?? (state.waiting && lastState.terminated);
  if (terminated) {
    return {
      start: Date.parse(terminated.startedAt),
      end: Date.parse(terminated.finishedAt),
      exitCode: terminated.exitCode,
    };
  }
  return !previous && state.running
    ? { start: Date.parse(state.running.startedAt), end: Date.now() }
    : undefined;
}

class LogWriter {
  readonly #lines: Line[] = [];

  constructor(
    private readonly context: Pick<SandboxContext, 'random'>,
    private readonly format: LogFormat,
    private readonly program: LoggingProgram,
    private readonly seed: string,
  ) {}

  write(run: Run & Behaviour): readonly Line[] {
    const { start, end, exitCode } = run;
    const crashes =
      exitCode === 1 ||
      (exitCode === undefined && run.behaviourAt(start) === 'crash');
    const begin = this.format.start(this.program);
    // A crash comes before the program is ready.
    const said = crashes ? begin.slice(0, 2) : begin;
    said.forEach((entry, index) =>
      this.#add(entry, start + 40 + index * START_STEP, end),
    );
    if (crashes) {
      if (exitCode !== undefined) {
        this.format
          .crash(this.program)
          .forEach(line => this.#lines.push({ time: new Date(end), line }));
      }
      return this.#lines;
    }
    this.#work(run);
    if (exitCode === 0 && run.isJob) {
      this.#add({ level: 'info', message: 'done' }, end, end);
    }
    return this.#lines;
  }

  #work({ start, end, isJob, behaviourAt }: Run & Behaviour) {
    const period = isJob ? PERIOD / 4 : PERIOD;
    const first = Math.max(0, Math.floor((end - start) / period) - KEPT_LINES);
    const offset = 600;
    for (let index = first; ; index++) {
      const random = this.context.random(`log ${this.seed} ${index}`);
      const time = start + offset + (index + random() * 0.9) * period;
      if (time > end) {
        return;
      }
      this.#add(this.#entry(behaviourAt(time), index, random), time, end);
    }
  }

  #entry(
    behaviour: PodBehaviour,
    index: number,
    random: () => number,
  ): LogEntry {
    const { name } = this.program;
    switch (behaviour) {
      case 'database-down':
        return index % 3 === 2
          ? {
              level: 'warn',
              message: 'readiness check failed: database is unavailable',
              fields: { status: 503 },
            }
          : {
              level: 'error',
              message: `could not connect to the database of ${name}: connect ECONNREFUSED 10.96.14.32:5432`,
              fields: { attempt: index + 1 },
            };
      case 'unready':
        return {
          level: 'warn',
          message: 'readiness check failed: cache is not warm',
          fields: { status: 503 },
        };
      case 'out-of-memory':
        return {
          level: 'warn',
          message: 'heap is almost full',
          fields: { used_mb: 280 + Math.min(104, index * 34), limit_mb: 384 },
        };
      default:
        return this.format.work(this.program, random);
    }
  }

  #add(entry: LogEntry, milliseconds: number, end: number) {
    if (milliseconds <= end + 1000) {
      const time = new Date(Math.min(milliseconds, end));
      this.#lines.push({
        time,
        line: this.format.line(entry, time, this.program),
      });
    }
  }
}
