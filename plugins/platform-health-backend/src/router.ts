import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, toError } from '@backstage/errors';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import { requirePermission } from '@waystone/access';
import { requestSignal } from '@waystone/integrations';
import {
  faultSchema,
  platformHealthReadPermission,
  platformHealthSandboxChangePermission,
} from '@waystone/plugin-platform-health-common';
import type { SystemsResponse } from '@waystone/plugin-platform-health-common';
import express from 'express';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { createOpenApiDocument } from './openApi';
import type { SandboxControl } from './SandboxControl';
import type { SystemHealth } from './SystemHealth';

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
  readonly systems: SystemHealth;
  /** Undefined where no sandbox runs. */
  readonly sandbox?: SandboxControl;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { auditor, httpAuth, permissions, systems, sandbox } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '10kb' }));

  const authorize = async (req: Request, permission: BasicPermission) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    await requirePermission(permissions, permission, credentials);
  };
  const requireSandbox = () => {
    if (!sandbox) {
      throw new NotFoundError('No sandbox runs beside this portal');
    }
    return sandbox;
  };
  /** A change: authorised, audited with its outcome, and ended when the client goes away. */
  const change = async (
    req: Request,
    event: { readonly eventId: string; readonly meta: Record<string, string> },
    action: (control: SandboxControl, signal: AbortSignal) => Promise<void>,
  ) => {
    const audit = await auditor.createEvent({
      ...event,
      request: req,
      severityLevel: 'medium',
    });
    try {
      await authorize(req, platformHealthSandboxChangePermission);
      await action(requireSandbox(), requestSignal(req));
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
    await audit.success();
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/systems', async (req, res) => {
    await authorize(req, platformHealthReadPermission);
    const items = await systems.list(requestSignal(req));
    res.json({ items, totalItems: items.length } satisfies SystemsResponse);
  });

  router.get('/sandbox', async (req, res) => {
    await authorize(req, platformHealthReadPermission);
    res.json(await requireSandbox().read(requestSignal(req)));
  });

  router.post('/sandbox/stories/:name/:change', async (req, res) => {
    const { name } = req.params;
    const verb = z.enum(['start', 'undo']).safeParse(req.params.change);
    if (!verb.success) {
      throw new NotFoundError(
        `Cannot '${req.params.change}' a story; expected start or undo`,
      );
    }
    await change(
      req,
      { eventId: `sandbox-story-${verb.data}`, meta: { story: name } },
      (control, signal) => control.changeStory(name, verb.data, signal),
    );
    res.status(204).end();
  });

  router.put('/sandbox/faults/:system', async (req, res) => {
    const { system } = req.params;
    const fault = faultSchema.safeParse(req.body);
    await change(
      req,
      { eventId: 'sandbox-fault-set', meta: { system } },
      async (control, signal) => {
        if (!fault.success) {
          const [issue] = fault.error.issues;
          throw new InputError(
            `Invalid fault: ${issue.path.join('.') || 'body'}: ${
              issue.message
            }`,
          );
        }
        await control.setFault(system, fault.data, signal);
      },
    );
    res.status(204).end();
  });

  router.delete('/sandbox/faults/:system', async (req, res) => {
    const { system } = req.params;
    await change(
      req,
      { eventId: 'sandbox-fault-clear', meta: { system } },
      (control, signal) => control.clearFault(system, signal),
    );
    res.status(204).end();
  });

  return router;
}
