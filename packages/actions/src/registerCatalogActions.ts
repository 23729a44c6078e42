import {
  impactResponseSchema,
  problemsResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type { ActionDeps } from './PluginReader';
import { toEntityPath } from './toEntityPath';

/** What hangs on what, and what is wrong with entities. */
export function registerCatalogActions({ actions, reader }: ActionDeps): void {
  actions.register({
    name: 'get-impact',
    title: 'Get what depends on an entity',
    description:
      "Says who is affected if an entity is down ('dependents'), or what it needs ('dependencies'), at any distance, with owners. Use it before a change, or in an incident.",
    attributes: { readOnly: true, idempotent: true },
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .describe("The entity, such as 'component:default/name'"),
          direction: z
            .enum(['dependents', 'dependencies'])
            .default('dependents'),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: z.string().optional().describe('Of the page before'),
        }),
      output: z =>
        z.object({
          items: z.array(
            z.object({
              entityRef: z.string(),
              owner: z.string().optional(),
              tier: z.string().optional(),
              depth: z.number().describe('1: directly'),
              via: z.string(),
            }),
          ),
          totalItems: z.number(),
          nextCursor: z.string().optional(),
          owners: z.array(
            z.object({ owner: z.string().optional(), count: z.number() }),
          ),
        }),
    },
    action: async ({ credentials, input }) => {
      const { entityRef, ...query } = input;
      const path = toEntityPath(entityRef, ['kind', 'namespace', 'name']);
      const impact = await reader.read(
        impactResponseSchema,
        `/waystone/impact${path}`,
        { action: 'get-impact', credentials, query },
      );
      return {
        output: {
          items: impact.items.map(item => ({
            entityRef: item.entityRef,
            owner: item.owner,
            tier: item.tier,
            depth: item.depth,
            via: item.via,
          })),
          totalItems: impact.totalItems,
          nextCursor: impact.pageInfo.nextCursor,
          owners: impact.summary.owners.map(each => ({
            owner: each.entityRef,
            count: each.count,
          })),
        },
      };
    },
  });

  actions.register({
    name: 'list-problems',
    title: 'List problems of catalog entries',
    description:
      'Lists what is wrong with entries of the catalog: those of everybody for who may see them, otherwise those of what the caller owns.',
    attributes: { readOnly: true, idempotent: true },
    schema: {
      input: z =>
        z.object({
          owner: z
            .string()
            .optional()
            .describe("The owner, such as 'group:default/name'"),
          severity: z.enum(['error', 'warning']).optional(),
          q: z.string().optional().describe('Part of the entity or the rule'),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: z.string().optional().describe('Of the page before'),
        }),
      output: z =>
        z.object({
          items: z.array(
            z.object({
              entityRef: z.string(),
              rule: z.string(),
              severity: z.string(),
              message: z.string(),
              owners: z.array(z.string()),
            }),
          ),
          totalItems: z.number(),
          nextCursor: z.string().optional(),
        }),
    },
    action: async ({ credentials, input }) => {
      const response = await reader.read(
        problemsResponseSchema,
        '/waystone/problems',
        { action: 'list-problems', credentials, query: input },
      );
      return {
        output: {
          items: response.items.map(problem => ({
            entityRef: problem.subjectRef ?? problem.entityRef,
            rule: problem.id,
            severity: problem.severity,
            message: problem.message,
            owners: problem.owners,
          })),
          totalItems: response.totalItems,
          nextCursor: response.pageInfo.nextCursor,
        },
      };
    },
  });
}
