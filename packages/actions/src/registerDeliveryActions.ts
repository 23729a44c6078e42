import {
  DELIVERY_STATES,
  serviceResponseSchema,
  servicesResponseSchema,
} from '@waystone/plugin-delivery-common';
import type { Deployment, Service } from '@waystone/plugin-delivery-common';
import type { ActionDeps } from './PluginReader';
import { registerExplainRed } from './registerExplainRed';
import { toEntityPath } from './toEntityPath';

/** What runs where. */
export function registerDeliveryActions({ actions, reader }: ActionDeps): void {
  actions.register({
    name: 'get-service-status',
    title: 'Get the status of a service',
    description:
      'Says in which environments a service runs, in which version, whether it is healthy and in sync with Git, and why not if it is not. Says also how current that is.',
    attributes: { readOnly: true, idempotent: true },
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .describe("The service, such as 'component:default/name'"),
        }),
      output: z =>
        z.object({
          entityRef: z.string(),
          owner: z.string().optional(),
          state: z.string().describe('The worst of its environments'),
          environments: z.array(
            z.object({
              environment: z.string().optional(),
              state: z.string(),
              reason: z.string().optional(),
              version: z.string().optional(),
              revision: z.string().optional().describe('The commit'),
              health: z.string(),
              sync: z.string(),
              drifted: z.number().describe('Objects that differ from Git'),
              behind: z
                .boolean()
                .describe('The environment before has another version'),
              deployedAt: z.string().optional(),
              deployedBy: z.string().optional(),
            }),
          ),
          sources: z.array(
            z.object({
              source: z.string(),
              observedAt: z.string().optional(),
              stale: z.boolean().describe('The last known state is shown'),
              reason: z.string().optional(),
            }),
          ),
        }),
    },
    action: async ({ credentials, input }) => {
      const path = toEntityPath(input.entityRef, ['namespace', 'kind', 'name']);
      const { freshness, service } = await reader.read(
        serviceResponseSchema,
        `/services${path}`,
        { action: 'get-service-status', credentials },
      );
      return {
        output: {
          ...toSummary(service),
          environments: service.deployments.map(toEnvironment),
          sources: freshness.map(({ observedAt, reason, source, stale }) => ({
            source,
            observedAt,
            stale,
            reason,
          })),
        },
      };
    },
  });

  registerExplainRed({ actions, reader });

  actions.register({
    name: 'list-services',
    title: 'List services by their state',
    description:
      'Lists the services that run somewhere, the worst first. Use it to find what is broken, has drifted from Git, or belongs to a team.',
    attributes: { readOnly: true, idempotent: true },
    schema: {
      input: z =>
        z.object({
          q: z.string().optional().describe('Part of the name or the version'),
          owner: z
            .string()
            .optional()
            .describe("The owner, such as 'group:default/name'"),
          environment: z.string().optional(),
          state: z
            .string()
            .optional()
            .describe(`One of ${DELIVERY_STATES.join(', ')}`),
          limit: z.number().int().min(1).max(100).default(20),
          cursor: z.string().optional().describe('Of the page before'),
        }),
      output: z =>
        z.object({
          services: z.array(
            z.object({
              entityRef: z.string(),
              owner: z.string().optional(),
              state: z.string(),
              environments: z.array(z.string()),
            }),
          ),
          totalItems: z.number(),
          nextCursor: z.string().optional(),
        }),
    },
    action: async ({ credentials, input }) => {
      const response = await reader.read(servicesResponseSchema, '/services', {
        action: 'list-services',
        credentials,
        query: input,
      });
      return {
        output: {
          services: response.items.map(service => ({
            ...toSummary(service),
            environments: service.deployments.map(
              ({ environment, state, version }) =>
                `${environment ?? 'elsewhere'}: ${
                  version ?? 'unknown version'
                }, ${state}`,
            ),
          })),
          totalItems: response.totalItems,
          nextCursor: response.pageInfo.nextCursor,
        },
      };
    },
  });
}

function toSummary({ entityRef, owner, state }: Service) {
  return { entityRef, owner, state };
}

function toEnvironment(deployment: Deployment) {
  const { deployedBy } = deployment;
  return {
    environment: deployment.environment,
    state: deployment.state,
    reason: deployment.reason,
    version: deployment.version,
    revision: deployment.revision,
    health: deployment.health,
    sync: deployment.sync,
    drifted: deployment.drifted,
    behind: deployment.behind,
    deployedAt: deployment.deployedAt,
    deployedBy: deployedBy?.name,
  };
}
