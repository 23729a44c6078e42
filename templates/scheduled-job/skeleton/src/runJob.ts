import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** What a run has done. */
export interface Outcome {
  readonly handled: number;
}

/** The work. It may be done twice for the same day, so it has to end in the same. */
export type Work = (signal: AbortSignal) => Promise<Outcome>;

/**
 * Does the work once, and says how it went.
 *
 * @returns the exit code; anything but 0 is a failed run
 */
export async function runJob(
  work: Work,
  options: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<number> {
  const { log, signal } = options;
  return trace.getTracer('job').startActiveSpan('run', async span => {
    const startedAt = Date.now();
    log.info('Started');
    try {
      const { handled } = await work(signal);
      span.setAttribute('job.handled', handled);
      log.info({ handled, seconds: (Date.now() - startedAt) / 1000 }, 'Done');
      return 0;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      log.error({ err: error, seconds: (Date.now() - startedAt) / 1000 }, 'The run failed');
      return 1;
    } finally {
      span.end();
    }
  });
}
