import { once } from 'node:events';
import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, toError } from '@backstage/errors';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
} from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from '@waystone/access';
import {
  AUDIT_EXPORT_MOST,
  auditEntityQuerySchema,
  auditEntityReadPermission,
  auditEventReadPermission,
  auditExportQuerySchema,
  auditQuerySchema,
} from '@waystone/plugin-audit-common';
import type {
  AuditEvent,
  AuditEventsResponse,
  AuditFacetsResponse,
  AuditStatusResponse,
} from '@waystone/plugin-audit-common';
import type { AuditTrail } from '@waystone/plugin-audit-node';
import type { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { z } from 'zod';
import type { AuditChain } from '../database/AuditChain';
import type { AuditReader } from '../database/AuditReader';
import type { Stream } from '../database/AuditRow';
import type { Retention } from '../readRetention';
import { createOpenApiDocument } from './openApi';
import { CSV_HEAD, toCsv } from './toCsv';

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly auditor: AuditorService;
  readonly chain: AuditChain;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
  readonly reader: AuditReader;
  readonly retention: Readonly<Record<Stream, Retention>>;
  readonly trail: AuditTrail;
}

/** The HTTP routes of the plugin. All of them read. */
export function createRouter(options: RouterOptions): Router {
  const { auditor, chain, httpAuth, permissions, reader, trail } = options;
  const router = PromiseRouter();

  const may = async (
    req: Request,
    ...asked: AuthorizePermissionRequest[]
  ): Promise<boolean[]> => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const decisions = await permissions.authorize(asked, { credentials });
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  };
  const requireAuditor = async (req: Request): Promise<void> => {
    const [allowed] = await may(req, { permission: auditEventReadPermission });
    if (!allowed) {
      throw new PermissionDeniedError(auditEventReadPermission);
    }
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/events', async (req, res) => {
    await requireAuditor(req);
    const { cursor, limit, ...filter } = parse(auditQuerySchema, req.query);
    res.json(
      (await reader.list(filter, {
        cursor,
        limit,
      })) satisfies AuditEventsResponse,
    );
  });

  router.get('/events/export', async (req, res) => {
    const audit = await auditor.createEvent({
      eventId: 'events-export',
      severityLevel: 'medium',
      request: req,
    });
    try {
      await requireAuditor(req);
      const { format, ...filter } = parse(auditExportQuerySchema, req.query);
      const pages = reader.stream(filter, { most: AUDIT_EXPORT_MOST });
      const events = await sendFile(res, pages, format);
      await audit.success({ meta: { ...filter, format, events } });
    } catch (error) {
      await audit.fail({ error: toError(error) });
      if (res.headersSent) {
        // Half a file must not look like a whole one.
        res.destroy();
        return;
      }
      throw error;
    }
  });

  router.get('/events/:id', async (req, res) => {
    await requireAuditor(req);
    const { id } = req.params;
    const event = /^\d{1,18}$/.test(id) ? await reader.find(id) : undefined;
    if (!event) {
      throw new NotFoundError(`There is no audit event '${id.slice(0, 40)}'`);
    }
    res.json(event satisfies AuditEvent);
  });

  router.get('/entities/:namespace/:kind/:name/events', async (req, res) => {
    const { kind, name, namespace } = req.params;
    const entity = `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
    const [auditing, owning] = await may(
      req,
      { permission: auditEventReadPermission },
      { permission: auditEntityReadPermission, resourceRef: entity },
    );
    if (!auditing && !owning) {
      throw new PermissionDeniedError(auditEntityReadPermission, {
        resource: entity,
      });
    }
    const page = parse(auditEntityQuerySchema, req.query);
    const events = await reader.list({ entity, reads: false }, page);
    res.json({
      ...events,
      items: auditing ? events.items : events.items.map(withoutTraces),
    } satisfies AuditEventsResponse);
  });

  router.get('/facets', async (req, res) => {
    await requireAuditor(req);
    res.json((await reader.facets()) satisfies AuditFacetsResponse);
  });

  router.get('/status', async (req, res) => {
    await requireAuditor(req);
    const { failingSince, notStored, waiting } = trail.status;
    const lastStoredAt = await reader.lastStoredAt();
    const { changes, reads } = options.retention;
    res.json({
      waiting,
      notStored,
      ...(failingSince && { failingSince: failingSince.toISOString() }),
      ...(lastStoredAt && { lastStoredAt: lastStoredAt.toISOString() }),
      chains: await chain.checks(),
      retention: { changes: changes.text, reads: reads.text },
    } satisfies AuditStatusResponse);
  });

  return router;
}

/** From where somebody worked is not the business of who owns what she worked on. */
function withoutTraces(event: AuditEvent): AuditEvent {
  const {
    hash,
    ip,
    method,
    requestId,
    sequence,
    stream,
    url,
    userAgent,
    ...rest
  } = event;
  return rest;
}

/** @returns How many events were sent. */
async function sendFile(
  res: Response,
  pages: AsyncIterable<AuditEvent[]>,
  format: 'csv' | 'json',
): Promise<number> {
  const isCsv = format === 'csv';
  let events = 0;
  const send = async (text: string) => {
    if (!res.write(text)) {
      await Promise.race([once(res, 'drain'), once(res, 'close')]);
    }
    if (res.destroyed) {
      throw new Error(`The client left after ${events} events`);
    }
  };
  for await (const page of pages) {
    if (events === 0) {
      start(res, format);
      await send(isCsv ? `${CSV_HEAD.join(',')}\r\n` : '[\n');
    }
    for (const [index, event] of page.entries()) {
      const separator = events + index === 0 ? '' : ',\n';
      await send(
        isCsv ? `${toCsv(event)}\r\n` : separator + JSON.stringify(event),
      );
    }
    events += page.length;
  }
  if (events === 0) {
    start(res, format);
    await send(isCsv ? `${CSV_HEAD.join(',')}\r\n` : '[\n');
  }
  res.end(isCsv ? '' : '\n]\n');
  return events;
}

function start(res: Response, format: 'csv' | 'json'): void {
  const day = new Date().toISOString().slice(0, 10);
  res.type(format).set({
    'Cache-Control': 'no-store',
    'Content-Disposition': `attachment; filename="audit-${day}.${format}"`,
  });
}

/** @throws InputError that names the field. */
function parse<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid query: ${issue.path.join('.') || 'query'}: ${issue.message}`,
    );
  }
  return parsed.data;
}
