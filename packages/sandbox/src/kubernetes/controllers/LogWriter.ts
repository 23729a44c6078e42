import type { SandboxContext } from '../../core/SandboxContext';
import type { LogEntry, LogFormat, LoggingProgram } from './logFormats';
import type { PodBehaviour } from './PodBehaviours';

/** A log is as long as a node keeps it: older lines are rotated away. */
const KEPT_LINES = 2000;
/** The time between two lines of work, in milliseconds. */
const PERIOD = 4000;
const START_STEP = 140;

/** One line of a log. @internal */
export interface Line {
  readonly time: Date;
  readonly line: string;
}

/** One run of a container. @internal */
export interface Run {
  readonly start: number;
  /** The end if it has ended, else now. */
  readonly end: number;
  readonly exitCode?: number;
}

/** What its log depends on. @internal */
export interface LoggedRun extends Run {
  readonly isJob: boolean;
  readonly behaviourAt: (time: number) => PodBehaviour;
}

/**
 * Writes the log of one run of a container, from its start to its end or to now.
 *
 * @internal
 */
export class LogWriter {
  readonly #lines: Line[] = [];

  constructor(
    private readonly context: Pick<SandboxContext, 'random'>,
    private readonly format: LogFormat,
    private readonly program: LoggingProgram,
    private readonly seed: string,
  ) {}

  write(run: LoggedRun): readonly Line[] {
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
    return this.#lines.slice(-KEPT_LINES);
  }

  #work({ start, end, isJob, behaviourAt }: LoggedRun) {
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
      case 'certificate-expired':
        return {
          level: 'error',
          message:
            'request to the identity provider failed: x509: certificate has expired or is not yet valid',
          fields: { attempt: index + 1 },
        };
      case 'hung':
        return {
          level: 'warn',
          message: 'no free worker: all 64 wait for a lock',
          fields: { waiting: 64 + index },
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
