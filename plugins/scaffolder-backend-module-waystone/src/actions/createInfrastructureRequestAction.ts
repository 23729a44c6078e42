import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForwardedError, InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { APPLICATION_FILE } from '@waystone/application-model';
import { z as schemas } from 'zod';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import type {
  CallContext,
  InfrastructureRequests,
  RequestedInfrastructure,
} from '../infrastructure/InfrastructureRequests';
import { messageOf, wasRefused } from '../infrastructure/messageOf';
import type { Inventory } from '../inventory/Inventory';
import { readWorkspaceApplication } from '../workspace/readWorkspaceApplication';
import { writeWorkspaceFiles } from '../workspace/writeWorkspaceFiles';

/** How often the state of a request is asked for, in milliseconds. */
const INTERVAL = 1_000;
const DEFAULT_SECONDS = 600;

/** Where a dry run leaves what it would ask for, for the preview. It is in no repository. */
export const INFRASTRUCTURE_FILE = '.waystone/planned-infrastructure.json';

/** The content of {@link INFRASTRUCTURE_FILE}. */
export const plannedSchema = schemas.array(
  schemas.object({
    kind: schemas.string(),
    name: schemas.string(),
    environment: schemas.string(),
    parameters: schemas.record(schemas.string(), schemas.unknown()),
    system: schemas.string(),
    owner: schemas.string(),
    component: schemas.string(),
    costCenter: schemas.string(),
  }),
);

const OVER = ['failed', 'rejected', 'deleted', 'deleting'];

/** `waystone:infrastructure:request`: asks for what the application of the workspace needs, and waits for it. */
export function createInfrastructureRequestAction({
  config: { environments },
  interval = INTERVAL,
  inventory,
  requests,
}: {
  readonly config: Pick<GoldenPathConfig, 'environments'>;
  /** In milliseconds. */
  readonly interval?: number;
  readonly inventory: Inventory;
  readonly requests: InfrastructureRequests;
}) {
  return createTemplateAction({
    id: 'waystone:infrastructure:request',
    description:
      'Asks for infrastructure in the name of whoever started the run, under the rules of infrastructure on request: limits, budgets and approvals. A second attempt of the same task asks for nothing twice.',
    supportsDryRun: true,
    examples: [
      {
        description: 'What waystone:application:compile has found to be needed',
        example: `steps:
  - action: waystone:infrastructure:request
    id: infrastructure
    name: Ask for the database
    input:
      requests: \${{ steps.compile.output.infrastructure }}
      waitIn: [development]
`,
      },
      {
        description: 'A bucket in development',
        example: `steps:
  - action: waystone:infrastructure:request
    id: bucket
    name: Ask for a bucket
    input:
      requests:
        - kind: Bucket
          name: \${{ parameters.name }}-files
          environment: development
`,
      },
    ],
    schema: {
      input: {
        requests: z =>
          z
            .array(
              z.object({
                kind: z.string().min(1).max(100),
                name: z.string().min(1).max(40),
                environment: z.string().min(1).max(40),
                parameters: z.record(z.unknown()).optional(),
              }),
            )
            .max(50)
            .describe('What is needed where'),
        waitIn: z =>
          z
            .array(z.string())
            .optional()
            .describe(
              'Environments in which it has to be ready before the run goes on. Default: none',
            ),
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
        requests: z =>
          z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              environment: z.string(),
              status: z.string(),
            }),
          ),
      },
    },
    async handler(ctx) {
      const { input, logger, signal, task } = ctx;
      const { application } = await readWorkspaceApplication(
        ctx.workspacePath,
        APPLICATION_FILE,
      );
      const unknown = input.requests.find(
        ({ environment }) => !environments.get(environment),
      );
      if (unknown) {
        throw new InputError(
          `There is no environment '${unknown.environment}' in 'waystone.environments'`,
        );
      }
      const { metadata, spec } = application;
      const owner = spec.owner.replace(/^.*[:/]/, '');
      // As the model labels what it compiles
      const costCenter = spec.costCenter ?? `cc-${owner}`.slice(0, 63);
      const context: CallContext = {
        credentials: await ctx.getInitiatorCredentials(),
        signal,
      };
      const made: RequestedInfrastructure[] = [];
      const orders = input.requests.map(
        ({ kind, name, environment, parameters = {} }) => ({
          kind,
          name,
          environment,
          parameters,
          system: spec.system,
          owner: `group:default/${owner}`,
          component: `component:default/${metadata.name}`,
          costCenter,
        }),
      );
      if (ctx.isDryRun) {
        for (const { kind, name, environment } of orders) {
          logger.info(`Would ask for ${kind} ${name} in ${environment}`);
        }
        await writeWorkspaceFiles(ctx.workspacePath, {
          [INFRASTRUCTURE_FILE]: JSON.stringify(orders),
        });
        return;
      }
      for (const order of orders) {
        const { kind, name, environment } = order;
        const entry = await inventory.announce(task.id, {
          kind: 'infrastructure-request',
          title: `${name} in ${environment}`,
          reference: { kind, name, environment },
        });
        const request = await requests
          .create(
            order,
            createHash('sha256')
              .update([task.id, kind, name, environment].join('\n'))
              .digest('hex'),
            context,
          )
          .catch(async error => {
            if (wasRefused(error) && !entry.repeated) {
              await entry.withdraw();
            }
            throw new ForwardedError(
              `${kind} ${name} in ${environment} cannot be requested: ${messageOf(
                error,
              )}`,
              error,
            );
          });
        await entry.confirm({
          url: `/infrastructure/requests/${request.id}`,
          reference: { id: request.id },
        });
        logger.info(`${kind} ${name} in ${environment} is ${say(request)}`);
        made.push(request);
      }
      const endsAt = Date.now() + (input.seconds ?? DEFAULT_SECONDS) * 1000;
      for (const [index, request] of made.entries()) {
        if (input.waitIn?.includes(request.environment)) {
          made[index] = await waitFor(request, endsAt);
        }
      }
      ctx.output(
        'requests',
        made.map(({ id, name, environment, status }) => ({
          id,
          name,
          environment,
          status,
        })),
      );

      async function waitFor(
        asked: RequestedInfrastructure,
        end: number,
      ): Promise<RequestedInfrastructure> {
        let current = asked;
        for (;;) {
          if (current.status === 'ready' || current.status === 'drifted') {
            logger.info(`${current.name} in ${current.environment} is ready`);
            return current;
          }
          if (OVER.includes(current.status) || Date.now() > end) {
            throw new Error(
              `${current.name} in ${
                current.environment
              } is not ready: it is ${say(current)}`,
            );
          }
          await sleep(interval, undefined, { signal });
          const next = await requests.get(current.id, context);
          if (say(next) !== say(current)) {
            logger.info(`${next.name} in ${next.environment} is ${say(next)}`);
          }
          current = next;
        }
      }
    },
  });
}

function say({ status, statusReason }: RequestedInfrastructure): string {
  return statusReason ? `${status}: ${statusReason}` : status;
}
