import {
  checkRequestSchema,
  checkResponseSchema,
  entityScorecardsResponseSchema,
  findingsQuerySchema,
  groupsQuerySchema,
  groupsResponseSchema,
  misconfigurationsResponseSchema,
  policiesResponseSchema,
  scorecardsQuerySchema,
  scorecardsResponseSchema,
  secretsQuerySchema,
  secretsResponseSchema,
  serviceGovernanceSchema,
  trendQuerySchema,
  trendResponseSchema,
  violationsResponseSchema,
  vulnerabilitiesResponseSchema,
} from '@waystone/plugin-governance-common';
import { z } from 'zod';

const toSchema = (schema: z.ZodType, io: 'input' | 'output' = 'output') => {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
  });
  return rest;
};

const answer = (description: string, schema: string) => ({
  '200': {
    description,
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${schema}` },
      },
    },
  },
});

const inPath = (...names: string[]) =>
  names.map(name => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const inQuery = (schema: z.ZodType) =>
  Object.entries(toSchema(schema, 'input').properties ?? {}).map(
    ([name, property]) => ({ name, in: 'query', schema: property }),
  );

const read = (
  operationId: string,
  summary: string,
  schema: string,
  parameters: readonly object[] = [],
) => ({
  get: {
    operationId,
    summary,
    parameters,
    responses: answer(summary, schema),
  },
});

const filter = inQuery(findingsQuerySchema);
const grouping = inQuery(groupsQuerySchema);

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Governance',
      version: '1',
      description:
        'What breaks policies, which weaknesses run, and which secrets are old.',
    },
    paths: {
      '/violations': read(
        'listViolations',
        'What breaks policies, one item a workload and policy',
        'Violations',
        filter,
      ),
      '/violations/groups': read(
        'groupViolations',
        'The same by policy, service or owner',
        'Groups',
        grouping,
      ),
      '/vulnerabilities': read(
        'listVulnerabilities',
        'Known weaknesses of what runs',
        'Vulnerabilities',
        filter,
      ),
      '/vulnerabilities/groups': read(
        'groupVulnerabilities',
        'The same by vulnerability, package, service or owner',
        'Groups',
        grouping,
      ),
      '/misconfigurations': read(
        'listMisconfigurations',
        'Settings of workloads that a scanner advises against',
        'Misconfigurations',
        filter,
      ),
      '/misconfigurations/groups': read(
        'groupMisconfigurations',
        'The same by check, service or owner',
        'Groups',
        grouping,
      ),
      '/policies': read(
        'listPolicies',
        'The policies of all clusters',
        'Policies',
      ),
      '/trend': read(
        'getTrend',
        'How many findings there were, by day',
        'Trend',
        inQuery(trendQuerySchema),
      ),
      '/services/{namespace}/{kind}/{name}': read(
        'getService',
        'What is found at one service',
        'Service',
        inPath('namespace', 'kind', 'name'),
      ),
      '/scorecards': read(
        'listScorecards',
        'How all services do, or those of a team',
        'Scorecards',
        inQuery(scorecardsQuerySchema),
      ),
      '/scorecards/{namespace}/{kind}/{name}': read(
        'getScorecards',
        'How one service does, check by check',
        'EntityScorecards',
        inPath('namespace', 'kind', 'name'),
      ),
      '/secrets': read(
        'listSecrets',
        'Where secrets are and how old they are, never their values',
        'Secrets',
        inQuery(secretsQuerySchema),
      ),
      '/check': {
        post: {
          operationId: 'checkManifests',
          summary: 'What the cluster of an environment says of manifests',
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/CheckRequest' },
              },
            },
          },
          responses: answer('The verdicts; nothing is stored', 'Check'),
        },
      },
    },
    components: {
      schemas: {
        Scorecards: toSchema(scorecardsResponseSchema),
        EntityScorecards: toSchema(entityScorecardsResponseSchema),
        Secrets: toSchema(secretsResponseSchema),
        CheckRequest: toSchema(checkRequestSchema, 'input'),
        Check: toSchema(checkResponseSchema),
        Violations: toSchema(violationsResponseSchema),
        Vulnerabilities: toSchema(vulnerabilitiesResponseSchema),
        Misconfigurations: toSchema(misconfigurationsResponseSchema),
        Groups: toSchema(groupsResponseSchema),
        Policies: toSchema(policiesResponseSchema),
        Trend: toSchema(trendResponseSchema),
        Service: toSchema(serviceGovernanceSchema),
      },
    },
  };
}
