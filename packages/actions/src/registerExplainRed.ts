import { NotFoundError } from '@backstage/errors';
import {
  DELIVERY_STATES,
  explanationResponseSchema,
  serviceResponseSchema,
} from '@waystone/plugin-delivery-common';
import type {
  Explanation,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import type { ActionDeps } from './PluginReader';
import { toEntityPath } from './toEntityPath';

/** How many lines of each piece of evidence are handed on, the last ones. */
const MOST_LINES = 20;

/** Why a service does not work. */
export function registerExplainRed({ actions, reader }: ActionDeps): void {
  actions.register({
    name: 'explain-red',
    title: 'Explain why a service does not work',
    description:
      'Says why a deployment of a service is red: the cause in one sentence, the next step, and the evidence, such as the last lines of a crashed container, events and messages. Use it after delivery.get-service-status says that an environment is critical or needs attention.',
    attributes: { readOnly: true, idempotent: true },
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .describe("The service, such as 'component:default/name'"),
          environment: z
            .string()
            // Part of a path, where '..' would lead to another route
            .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i)
            .optional()
            .describe(
              'Such as production; without it, the one in the worst state',
            ),
        }),
      output: z => {
        const explanation = z.object({
          cause: z.string(),
          summary: z.string(),
          nextStep: z.string(),
          evidence: z.array(
            z.object({
              kind: z.string(),
              object: z.string().optional(),
              lines: z.array(z.string()),
            }),
          ),
        });
        return z.object({
          environment: z.string(),
          explanation: explanation
            .optional()
            .describe('Nothing if nothing is wrong, or nothing is known'),
          others: z.array(explanation).describe('What else is wrong'),
          gaps: z.array(z.string()).describe('What could not be asked'),
        });
      },
    },
    action: async ({ credentials, input }) => {
      const path = `/services${toEntityPath(input.entityRef, [
        'namespace',
        'kind',
        'name',
      ])}`;
      const context = { action: 'explain-red', credentials };
      const environment =
        input.environment ??
        findWorst(await reader.read(serviceResponseSchema, path, context));
      const { explanation, gaps, others } = await reader.read(
        explanationResponseSchema,
        `${path}/environments/${encodeURIComponent(environment)}/explanation`,
        context,
      );
      return {
        output: {
          environment,
          explanation: explanation && toOutput(explanation),
          others: others.map(toOutput),
          gaps,
        },
      };
    },
  });
}

function findWorst({ service }: ServiceResponse): string {
  const [worst] = service.deployments
    .flatMap(({ environment, state }) =>
      environment === undefined
        ? []
        : [{ environment, rank: DELIVERY_STATES.indexOf(state) }],
    )
    .sort((left, right) => left.rank - right.rank);
  if (!worst) {
    throw new NotFoundError(`${service.entityRef} runs in no environment`);
  }
  return worst.environment;
}

function toOutput({ cause, evidence, nextStep, summary }: Explanation) {
  return {
    cause,
    summary,
    nextStep,
    evidence: evidence.map(({ kind, lines, object }) => ({
      kind,
      object: object && `${object.kind} ${object.name}`,
      lines: lines.slice(-MOST_LINES),
    })),
  };
}
