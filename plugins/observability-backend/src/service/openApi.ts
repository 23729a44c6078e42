import {
  alertsQuerySchema,
  alertsResponseSchema,
  environmentQuerySchema,
  metricsQuerySchema,
  metricsResponseSchema,
  servicesQuerySchema,
  servicesResponseSchema,
  slosResponseSchema,
  summaryResponseSchema,
} from '@waystone/plugin-observability-common';
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

const inQuery = (schema: z.ZodType) =>
  Object.entries(toSchema(schema, 'input').properties ?? {}).map(
    ([name, property]) => ({ name, in: 'query', schema: property }),
  );

const service = ['namespace', 'kind', 'name'].map(name => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
}));

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Observability',
      version: '1',
      description:
        'Whether services are healthy, what they promise, and what is wrong.',
    },
    paths: {
      '/services': {
        get: {
          operationId: 'listServices',
          summary: 'The fleet: one item a service, in one environment',
          parameters: inQuery(servicesQuerySchema),
          responses: answer('The services', 'Services'),
        },
      },
      '/alerts': {
        get: {
          operationId: 'listAlerts',
          summary: 'What is pending or fires, the worst first',
          parameters: inQuery(alertsQuerySchema),
          responses: answer('The alerts', 'Alerts'),
        },
      },
      '/services/{namespace}/{kind}/{name}/summary': {
        get: {
          operationId: 'getServiceSummary',
          summary: 'One service in all its environments',
          parameters: service,
          responses: answer('The service', 'Summary'),
        },
      },
      '/services/{namespace}/{kind}/{name}/metrics': {
        get: {
          operationId: 'getServiceMetrics',
          summary: 'Requests, errors, durations and saturation over time',
          parameters: [...service, ...inQuery(metricsQuerySchema)],
          responses: answer('The charts', 'Metrics'),
        },
      },
      '/services/{namespace}/{kind}/{name}/alerts': {
        get: {
          operationId: 'listServiceAlerts',
          summary: 'The alerts of one service',
          parameters: [...service, ...inQuery(alertsQuerySchema)],
          responses: answer('The alerts', 'Alerts'),
        },
      },
      '/services/{namespace}/{kind}/{name}/slos': {
        get: {
          operationId: 'getServiceObjectives',
          summary: 'What it promises, how that is kept, and what broke it',
          parameters: [...service, ...inQuery(environmentQuerySchema)],
          responses: answer('The objectives', 'Slos'),
        },
      },
    },
    components: {
      schemas: {
        Services: toSchema(servicesResponseSchema),
        Alerts: toSchema(alertsResponseSchema),
        Summary: toSchema(summaryResponseSchema),
        Metrics: toSchema(metricsResponseSchema),
        Slos: toSchema(slosResponseSchema),
      },
    },
  };
}
