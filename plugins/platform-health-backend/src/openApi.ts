import {
  faultSchema,
  sandboxResponseSchema,
  systemsResponseSchema,
} from '@waystone/plugin-platform-health-common';
import { z } from 'zod';

const toSchema = (schema: z.ZodType) => {
  const { $schema, ...rest } = z.toJSONSchema(schema);
  return rest;
};

const answer = (description: string, schema?: string) => ({
  description,
  ...(schema && {
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${schema}` },
      },
    },
  }),
});

const inPath = (name: string) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
});

const changed = { '204': answer('Done') };

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Platform health',
      version: '1',
      description: 'How the systems behind the portal are doing.',
    },
    paths: {
      '/systems': {
        get: {
          operationId: 'listSystems',
          summary: 'All instances of all systems behind the portal',
          responses: { '200': answer('The systems', 'Systems') },
        },
      },
      '/sandbox': {
        get: {
          operationId: 'getSandbox',
          summary: 'Stories and faults of the sandbox',
          responses: {
            '200': answer('The sandbox', 'Sandbox'),
            '404': answer('No sandbox runs here'),
          },
        },
      },
      '/sandbox/stories/{name}/start': {
        post: {
          operationId: 'startStory',
          summary: 'Lets a story happen',
          parameters: [inPath('name')],
          responses: changed,
        },
      },
      '/sandbox/stories/{name}/undo': {
        post: {
          operationId: 'undoStory',
          summary: 'Undoes a story',
          parameters: [inPath('name')],
          responses: changed,
        },
      },
      '/sandbox/faults/{system}': {
        put: {
          operationId: 'setFault',
          summary: 'Lets a system of the sandbox fail',
          parameters: [inPath('system')],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Fault' },
              },
            },
          },
          responses: changed,
        },
        delete: {
          operationId: 'clearFault',
          summary: 'Ends the failure of a system of the sandbox',
          parameters: [inPath('system')],
          responses: changed,
        },
      },
    },
    components: {
      schemas: {
        Systems: toSchema(systemsResponseSchema),
        Sandbox: toSchema(sandboxResponseSchema),
        Fault: toSchema(faultSchema),
      },
    },
  };
}
