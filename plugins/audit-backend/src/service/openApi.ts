import {
  auditEntityQuerySchema,
  auditEventSchema,
  auditEventsResponseSchema,
  auditExportQuerySchema,
  auditFacetsResponseSchema,
  auditQuerySchema,
  auditStatusResponseSchema,
} from '@waystone/plugin-audit-common';
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

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Audit',
      version: '1',
      description: 'Who did what through the portal, and how it ended.',
    },
    paths: {
      '/events': {
        get: {
          operationId: 'listAuditEvents',
          summary: 'Events, newest first',
          parameters: inQuery(auditQuerySchema),
          responses: answer('The events', 'Events'),
        },
      },
      '/events/export': {
        get: {
          operationId: 'exportAuditEvents',
          summary: 'The same as a file; the export is an event itself',
          parameters: inQuery(auditExportQuerySchema),
          responses: {
            '200': {
              description: 'The file',
              content: { 'text/csv': {}, 'application/json': {} },
            },
          },
        },
      },
      '/events/{id}': {
        get: {
          operationId: 'getAuditEvent',
          summary: 'One event',
          parameters: inPath('id'),
          responses: answer('The event', 'Event'),
        },
      },
      '/entities/{namespace}/{kind}/{name}/events': {
        get: {
          operationId: 'listEntityAuditEvents',
          summary: 'What was done to an entity, for its owners',
          parameters: [
            ...inPath('namespace', 'kind', 'name'),
            ...inQuery(auditEntityQuerySchema),
          ],
          responses: answer('The events', 'Events'),
        },
      },
      '/facets': {
        get: {
          operationId: 'listAuditFacets',
          summary: 'Which events there are',
          responses: answer('Plugins and their events', 'Facets'),
        },
      },
      '/status': {
        get: {
          operationId: 'getAuditStatus',
          summary:
            'Whether events are stored, and whether their chain is whole',
          responses: answer('The status', 'Status'),
        },
      },
    },
    components: {
      schemas: {
        Event: toSchema(auditEventSchema),
        Events: toSchema(auditEventsResponseSchema),
        Facets: toSchema(auditFacetsResponseSchema),
        Status: toSchema(auditStatusResponseSchema),
      },
    },
  };
}
