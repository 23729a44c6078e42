import type {
  AuditorService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { AuditChain } from './database/AuditChain';
import { STREAMS } from './database/AuditRow';
import type { Stream } from './database/AuditRow';
import type { Retention } from './readRetention';

/** What {@link startHousekeeping} needs. */
export interface HousekeepingOptions {
  readonly auditor: AuditorService;
  readonly chain: AuditChain;
  readonly logger: LoggerService;
  readonly retention: Readonly<Record<Stream, Retention>>;
  readonly scheduler: SchedulerService;
}

/** Once a day removes events whose time is over and checks that the others are all there; both are events themselves. */
export async function startHousekeeping(
  options: HousekeepingOptions,
): Promise<void> {
  const { auditor, scheduler } = options;
  await scheduler.scheduleTask({
    id: 'audit-housekeeping',
    frequency: { hours: 24 },
    initialDelay: { minutes: 5 },
    timeout: { hours: 2 },
    scope: 'global',
    fn: async signal => {
      for (const stream of STREAMS) {
        const event = await auditor.createEvent({
          eventId: 'retention',
          severityLevel: 'high',
          meta: { stream, keep: options.retention[stream].text },
        });
        try {
          await event.success({
            meta: await removeOld(stream, options, signal),
          });
        } catch (error) {
          await event.fail({ error: toError(error) });
        }
      }
      await checkChains(options, signal);
    },
  });
}

async function removeOld(
  stream: Stream,
  options: HousekeepingOptions,
  signal: AbortSignal,
): Promise<{ removed: number; upTo?: number }> {
  const before = new Date(Date.now() - options.retention[stream].milliseconds);
  const removal = await options.chain.removeOlder(stream, before, signal);
  return {
    removed: removal?.removed ?? 0,
    ...(removal && { upTo: removal.upTo }),
  };
}

async function checkChains(
  { auditor, chain, logger }: HousekeepingOptions,
  signal: AbortSignal,
): Promise<void> {
  const event = await auditor.createEvent({
    eventId: 'chain-check',
    severityLevel: 'high',
  });
  try {
    const checks = await chain.check(signal);
    const problems = checks.flatMap(({ problem, stream }) =>
      problem ? `${problem} of the stream '${stream}'` : [],
    );
    if (problems.length > 0) {
      throw new Error(`The audit is not whole: ${problems.join('; ')}`);
    }
    await event.success({
      meta: { events: checks.reduce((sum, each) => sum + each.events, 0) },
    });
  } catch (error) {
    logger.error('The check of the audit failed', toError(error));
    await event.fail({ error: toError(error) });
  }
}
