import {
  ciJobsResponseSchema,
  ciRunsResponseSchema,
  distanceQuerySchema,
  distanceResponseSchema,
  driftResponseSchema,
  explanationResponseSchema,
  historyQuerySchema,
  historyResponseSchema,
  objectsResponseSchema,
  serviceResponseSchema,
  servicesQuerySchema,
  servicesResponseSchema,
} from '@waystone/plugin-delivery-common';
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

const service = inPath('namespace', 'kind', 'name');

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Delivery',
      version: '1',
      description: 'What runs where, in which version, and how it got there.',
    },
    paths: {
      '/services': {
        get: {
          operationId: 'listServices',
          summary: 'The fleet: one item a service, with its deployments',
          parameters: inQuery(servicesQuerySchema),
          responses: answer('The services', 'Services'),
        },
      },
      '/services/{namespace}/{kind}/{name}': {
        get: {
          operationId: 'getService',
          summary: 'One service and its deployments',
          parameters: service,
          responses: answer('The service', 'Service'),
        },
      },
      '/services/{namespace}/{kind}/{name}/history': {
        get: {
          operationId: 'listDeployments',
          summary: 'What got to the environments, newest first',
          parameters: [...service, ...inQuery(historyQuerySchema)],
          responses: answer('The history', 'History'),
        },
      },
      '/services/{namespace}/{kind}/{name}/environments/{environment}/diff': {
        get: {
          operationId: 'getDrift',
          summary: 'How the cluster differs from Git, field by field',
          parameters: [...service, ...inPath('environment')],
          responses: answer('The differences', 'Drift'),
        },
      },
      '/services/{namespace}/{kind}/{name}/environments/{environment}/explanation':
        {
          get: {
            operationId: 'explainDeployment',
            summary: 'Why it is not well: a sentence, evidence, the next step',
            parameters: [...service, ...inPath('environment')],
            responses: answer('The explanation', 'Explanation'),
          },
        },
      '/services/{namespace}/{kind}/{name}/environments/{environment}/objects':
        {
          get: {
            operationId: 'listObjects',
            summary: 'What runs for it: objects, pods and events',
            parameters: [...service, ...inPath('environment')],
            responses: answer('The objects', 'Objects'),
          },
        },
      '/services/{namespace}/{kind}/{name}/commits': {
        get: {
          operationId: 'listCommits',
          summary: 'The commits that one environment has and another has not',
          parameters: [...service, ...inQuery(distanceQuerySchema)],
          responses: answer('The commits', 'Distance'),
        },
      },
      '/services/{namespace}/{kind}/{name}/runs': {
        get: {
          operationId: 'listRuns',
          summary: 'What CI did for its repository, newest first',
          parameters: service,
          responses: answer('The runs', 'Runs'),
        },
      },
      '/services/{namespace}/{kind}/{name}/runs/{run}/jobs': {
        get: {
          operationId: 'listJobs',
          summary: 'The jobs of a run with their steps',
          parameters: [...service, ...inPath('run')],
          responses: answer('The jobs', 'Jobs'),
        },
      },
    },
    components: {
      schemas: {
        Services: toSchema(servicesResponseSchema),
        Service: toSchema(serviceResponseSchema),
        History: toSchema(historyResponseSchema),
        Drift: toSchema(driftResponseSchema),
        Explanation: toSchema(explanationResponseSchema),
        Distance: toSchema(distanceResponseSchema),
        Runs: toSchema(ciRunsResponseSchema),
        Jobs: toSchema(ciJobsResponseSchema),
        Objects: toSchema(objectsResponseSchema),
      },
    },
  };
}
