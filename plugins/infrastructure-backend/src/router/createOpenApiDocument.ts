import {
  adoptSchema,
  backupListSchema,
  backupSchema,
  connectionSchema,
  consumersSchema,
  createRequestSchema,
  decisionSchema,
  deletionPreviewSchema,
  discoveredListSchema,
  draftSchema,
  liveStateSchema,
  offeringListSchema,
  previewRequestSchema,
  previewSchema,
  requestDetailSchema,
  requestEventListSchema,
  requestListSchema,
  requestQuerySchema,
  requestStatusSchema,
  revealedSchema,
  revealRequestSchema,
  saveDraftSchema,
  submitDraftSchema,
  updateRequestSchema,
} from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';

const SCHEMAS = {
  Adopt: adoptSchema,
  Backup: backupSchema,
  BackupList: backupListSchema,
  Connection: connectionSchema,
  Consumers: consumersSchema,
  CreateRequest: createRequestSchema,
  Decision: decisionSchema,
  DeletionPreview: deletionPreviewSchema,
  DiscoveredList: discoveredListSchema,
  Draft: draftSchema,
  LiveState: liveStateSchema,
  OfferingList: offeringListSchema,
  Preview: previewSchema,
  PreviewRequest: previewRequestSchema,
  Request: requestDetailSchema,
  RequestEventList: requestEventListSchema,
  RequestList: requestListSchema,
  Reveal: revealRequestSchema,
  Revealed: revealedSchema,
  SaveDraft: saveDraftSchema,
  SubmitDraft: submitDraftSchema,
  UpdateRequest: updateRequestSchema,
} as const;

type SchemaName = keyof typeof SCHEMAS;

const content = (schema: SchemaName) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});
const answer = (status: string, description: string, schema: SchemaName) => ({
  [status]: { description, content: content(schema) },
});
const REFUSALS = {
  '400': 'Something in it is wrong',
  '403': 'Not allowed',
  '404': 'Not there, or not to be seen',
  '409': 'Does not fit what is there',
  '503': 'The cluster does not answer',
} as const;

const refusals = (...statuses: (keyof typeof REFUSALS)[]) =>
  Object.fromEntries(
    statuses.map(status => [
      status,
      {
        description: REFUSALS[status],
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
          },
        },
      },
    ]),
  );
const id = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 8, maxLength: 200 },
};
const body = (schema: SchemaName) => ({
  required: true,
  content: content(schema),
});

function queryParameters() {
  const { properties = {} } = toSchema(requestQuerySchema, 'input') as {
    properties?: Record<string, object>;
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    schema:
      name === 'status'
        ? { type: 'array', items: toSchema(requestStatusSchema, 'output') }
        : schema,
  }));
}

function toSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const ofRequest = (
  operationId: string,
  summary: string,
  options: {
    readonly status?: string;
    readonly schema?: SchemaName;
    readonly body?: SchemaName;
    readonly parameters?: readonly object[];
  } = {},
) => ({
  operationId,
  summary,
  parameters: [id, ...(options.parameters ?? [])],
  ...(options.body && { requestBody: body(options.body) }),
  responses: {
    ...answer(options.status ?? '200', summary, options.schema ?? 'Request'),
    ...refusals('400', '403', '404', '409', '503'),
  },
});

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the router validates with. */
export function createOpenApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Infrastructure',
      version: '1',
      description: 'Databases, caches, buckets and the like, on request.',
    },
    paths: {
      '/offerings': {
        get: {
          operationId: 'listOfferings',
          summary: 'What can be requested',
          responses: answer('200', 'The offerings', 'OfferingList'),
        },
      },
      '/requests/preview': {
        post: {
          operationId: 'previewRequest',
          summary: 'What a request would do; changes nothing',
          requestBody: body('PreviewRequest'),
          responses: {
            ...answer('200', 'The preview', 'Preview'),
            ...refusals('400', '403', '404'),
          },
        },
      },
      '/requests': {
        get: {
          operationId: 'listRequests',
          summary: 'Requests, the newest first',
          parameters: queryParameters(),
          responses: {
            ...answer('200', 'A page of them', 'RequestList'),
            ...refusals('400'),
          },
        },
        post: {
          operationId: 'createRequest',
          summary: 'Requests something',
          parameters: [idempotencyKey],
          requestBody: body('CreateRequest'),
          responses: {
            ...answer('202', 'Accepted', 'Request'),
            ...refusals('400', '403', '409'),
          },
        },
      },
      '/drafts': {
        post: {
          operationId: 'createDraft',
          summary: 'Keeps a request while it is written',
          parameters: [idempotencyKey],
          requestBody: body('Draft'),
          responses: {
            ...answer('201', 'Kept', 'Request'),
            ...refusals('400', '403', '409'),
          },
        },
      },
      '/drafts/{id}': {
        put: ofRequest('saveDraft', 'Keeps what is written now', {
          body: 'SaveDraft',
        }),
        delete: ofRequest('discardDraft', 'Discards it'),
      },
      '/drafts/{id}/submit': {
        post: ofRequest('submitDraft', 'Makes a request of it', {
          status: '202',
          body: 'SubmitDraft',
        }),
      },
      '/requests/{id}': {
        get: ofRequest('getRequest', 'One request'),
        patch: ofRequest('updateRequest', 'Changes it', {
          body: 'UpdateRequest',
        }),
        delete: ofRequest('deleteRequest', 'Deletes the resource', {
          status: '202',
          parameters: [
            {
              name: 'confirm',
              in: 'query',
              required: true,
              description: 'Its name',
              schema: { type: 'string' },
            },
            {
              name: 'finalBackup',
              in: 'query',
              description: 'Makes a last backup before, which is kept',
              schema: { type: 'boolean' },
            },
          ],
        }),
      },
      '/requests/{id}/events': {
        get: ofRequest('listRequestEvents', 'What happened, the newest first', {
          schema: 'RequestEventList',
        }),
      },
      '/requests/{id}/live': {
        get: ofRequest('getLiveState', 'What it consists of and what blocks', {
          schema: 'LiveState',
        }),
      },
      '/requests/{id}/approve': {
        post: ofRequest('approveRequest', 'Approves it', { body: 'Decision' }),
      },
      '/requests/{id}/reject': {
        post: ofRequest('rejectRequest', 'Rejects it', { body: 'Decision' }),
      },
      '/requests/{id}/retry': {
        post: ofRequest('retryRequest', 'Tries again what failed'),
      },
      '/requests/{id}/connection': {
        get: ofRequest('getConnection', 'Where the secret is, and its keys', {
          schema: 'Connection',
        }),
      },
      '/requests/{id}/connection/reveal': {
        post: ofRequest('revealConnection', 'One value of the secret', {
          body: 'Reveal',
          schema: 'Revealed',
        }),
      },
      '/requests/{id}/backups': {
        get: ofRequest('listBackups', 'Its backups, the newest first', {
          schema: 'BackupList',
        }),
        post: ofRequest('createBackup', 'Begins a backup now', {
          status: '202',
          schema: 'Backup',
        }),
      },
      '/requests/{id}/consumers': {
        get: ofRequest('listConsumers', 'What reads its connection', {
          schema: 'Consumers',
        }),
      },
      '/requests/{id}/credentials/rotate': {
        post: ofRequest('rotateCredentials', 'Gives it new credentials', {
          status: '202',
        }),
      },
      '/requests/{id}/deletion': {
        get: ofRequest('previewDeletion', 'What deleting it would do', {
          schema: 'DeletionPreview',
        }),
      },
      '/discovered': {
        get: {
          operationId: 'listDiscovered',
          summary: 'What is in the clusters and not managed here',
          responses: answer('200', 'All of it', 'DiscoveredList'),
        },
      },
      '/discovered/adopt': {
        post: {
          operationId: 'adoptResource',
          summary: 'Manages it here from now on',
          parameters: [idempotencyKey],
          requestBody: body('Adopt'),
          responses: {
            ...answer('202', 'Accepted', 'Request'),
            ...refusals('400', '403', '404', '409'),
          },
        },
      },
    },
    components: {
      schemas: {
        ...Object.fromEntries(
          Object.entries(SCHEMAS).map(([name, schema]) => [
            name,
            toSchema(schema, name.startsWith('Preview') ? 'input' : 'output'),
          ]),
        ),
        Error: {
          type: 'object',
          properties: {
            error: {
              type: 'object',
              properties: {
                name: { type: 'string' },
                message: { type: 'string' },
              },
            },
          },
        },
      },
    },
  };
}
