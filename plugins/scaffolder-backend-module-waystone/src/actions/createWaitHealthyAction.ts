import { setTimeout as sleep } from 'node:timers/promises';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { ArgoCdService } from '@waystone/integrations';

/** How often Argo CD is asked, in milliseconds. */
const INTERVAL = 1_000;
const DEFAULT_SECONDS = 300;

type State = {
  readonly sync: string;
  readonly health: string;
  readonly reason: string;
};

/** `waystone:wait:healthy`: waits until an application runs as its repository has it. */
export function createWaitHealthyAction({
  argocd,
  findStart,
  interval = INTERVAL,
}: {
  readonly argocd: ArgoCdService;
  /** When a run was asked for. */
  readonly findStart: (taskId: string) => Promise<Date | undefined>;
  /** In milliseconds. */
  readonly interval?: number;
}) {
  return createTemplateAction({
    id: 'waystone:wait:healthy',
    description:
      'Waits until an Argo CD Application is Synced and Healthy, and says what it waits for.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Wait for development',
        example: `steps:
  - action: waystone:wait:healthy
    id: healthy
    name: Wait until it runs
    input:
      application: \${{ parameters.name }}-development
      project: \${{ parameters.system }}
`,
      },
    ],
    schema: {
      input: {
        application: z => z.string().min(1).max(253),
        project: z => z.string().min(1).max(253),
        instance: z =>
          z
            .string()
            .optional()
            .describe('Name of the Argo CD. Default: the first'),
        seconds: z =>
          z
            .number()
            .int()
            .min(1)
            .max(3600)
            .optional()
            .describe(`How long to wait. Default: ${DEFAULT_SECONDS}`),
      },
      output: {
        revision: z => z.string().describe('The commit that runs'),
        seconds: z => z.number().describe('How long it took'),
        secondsSinceStart: z =>
          z
            .number()
            .describe(
              'How long the run has taken until then: the time to first deploy',
            ),
      },
    },
    async handler(ctx) {
      const { input, logger, signal } = ctx;
      if (ctx.isDryRun) {
        logger.info(`Would wait for ${input.application}`);
        return;
      }
      const client = input.instance
        ? argocd.get(input.instance)
        : argocd.clients[0];
      if (!client) {
        throw new Error(
          `There is no Argo CD in 'waystone.integrations.argocd.instances' to ask for '${input.application}'`,
        );
      }
      const ref = { name: input.application, project: input.project };
      const startedAt = Date.now();
      const endsAt = startedAt + (input.seconds ?? DEFAULT_SECONDS) * 1000;
      let last = '';
      let refresh: 'normal' | undefined = 'normal';
      for (;;) {
        signal?.throwIfAborted();
        const application = await (refresh
          ? client.getApplication(ref, { refresh, signal })
          : client.findApplication(ref, { signal }));
        refresh = undefined;
        const state = stateOf(application);
        const said = `${state.sync}, ${state.health}${
          state.reason ? `: ${state.reason}` : ''
        }`;
        if (said !== last) {
          logger.info(`${input.application} is ${said}`);
          last = said;
        }
        if (state.sync === 'Synced' && state.health === 'Healthy') {
          ctx.output('revision', application?.status?.sync?.revision ?? '');
          const start = await findStart(ctx.task.id);
          ctx.output('seconds', secondsSince(startedAt));
          ctx.output(
            'secondsSinceStart',
            secondsSince(start?.getTime() ?? startedAt),
          );
          return;
        }
        if (Date.now() > endsAt) {
          throw new Error(
            `'${input.application}' is not healthy after ${
              input.seconds ?? DEFAULT_SECONDS
            } s: ${said}. See ${client.pageOf(ref)}`,
          );
        }
        await sleep(interval, undefined, { signal });
      }
    },
  });
}

function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 1000);
}

type Application = Awaited<
  ReturnType<ArgoCdService['clients'][number]['findApplication']>
>;

function stateOf(application: Application): State {
  const { sync, health, operationState, resources, conditions } =
    application?.status ?? {};
  const sick = (resources ?? []).find(
    resource =>
      resource.health?.status === 'Degraded' ||
      resource.health?.status === 'Missing',
  );
  const broken = (conditions ?? []).find(({ type }) => type.endsWith('Error'));
  const failed =
    operationState?.phase === 'Failed' || operationState?.phase === 'Error'
      ? operationState.message
      : undefined;
  return {
    sync: sync?.status ?? 'unknown',
    health: health?.status ?? 'unknown',
    reason:
      broken?.message ??
      failed ??
      (sick
        ? `${sick.kind} ${sick.name} ${
            sick.health?.message ?? sick.health?.status ?? ''
          }`
        : ''),
  };
}
