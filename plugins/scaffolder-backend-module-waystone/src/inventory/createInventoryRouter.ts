import type {
  AuditorService,
  BackstageCredentials,
  BackstageUserPrincipal,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError, toError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  taskCancelPermission,
  taskReadPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import { PermissionDeniedError } from '@waystone/access';
import { removalRequestSchema } from '@waystone/plugin-golden-paths-common';
import type {
  Inventory,
  RemovalPreview,
  RemovalResult,
} from '@waystone/plugin-golden-paths-common';
import express from 'express';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { messageOf } from '../infrastructure/messageOf';
import type { InventoryService } from './InventoryService';

const ENDED = ['completed', 'failed', 'cancelled', 'skipped'];

/** What {@link createInventoryRouter} needs. */
export interface InventoryRouterOptions {
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  readonly inventory: InventoryService;
  readonly permissions: PermissionsService;
  readonly scaffolder: Pick<ScaffolderService, 'getTask'>;
}

/** What a run has made: list, preview of a removal, removal. */
export function createInventoryRouter(options: InventoryRouterOptions): Router {
  const { auditor, httpAuth, inventory, permissions, scaffolder } = options;
  const router = PromiseRouter();
  const path = '/golden-paths/tasks/:taskId/inventory';
  router.use(path, express.json());

  const may = async (
    permission: typeof taskReadPermission,
    taskId: string,
    credentials: BackstageCredentials,
  ) => {
    const [{ result }] = await permissions.authorize(
      [{ permission, resourceRef: taskId }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  };

  /** @throws NotFoundError also if it is somebody else's */
  const openTask = async (req: Request) => {
    const { taskId } = req.params;
    const credentials: BackstageCredentials<BackstageUserPrincipal> =
      await httpAuth.credentials(req, { allow: ['user'] });
    if (!(await may(taskReadPermission, taskId, credentials))) {
      throw new NotFoundError(`There is no run '${taskId}'`);
    }
    const { status } = await scaffolder
      .getTask({ taskId }, { credentials })
      .catch(error => {
        const { statusCode } = error as { statusCode?: number };
        throw statusCode === 404 || statusCode === 403
          ? new NotFoundError(`There is no run '${taskId}'`)
          : error;
      });
    return {
      taskId,
      credentials,
      ended: ENDED.includes(status),
      completed: status === 'completed',
    };
  };

  const describe = async (
    task: Awaited<ReturnType<typeof openTask>>,
  ): Promise<Inventory> => ({
    resources: await inventory.list(task.taskId),
    ended: task.ended,
    completed: task.completed,
    removable: await may(taskCancelPermission, task.taskId, task.credentials),
  });

  const requireRemoval = async (task: Awaited<ReturnType<typeof openTask>>) => {
    if (!(await may(taskCancelPermission, task.taskId, task.credentials))) {
      throw new PermissionDeniedError(taskCancelPermission, {
        message: `You lack the permission ${taskCancelPermission.name} for this run. Whoever started it has it`,
      });
    }
    if (!task.ended) {
      throw new ConflictError('The run has not ended. Cancel it first');
    }
  };

  router.get(path, async (req, res) => {
    res.json(await describe(await openTask(req)));
  });

  router.post(`${path}/preview`, async (req, res) => {
    const task = await openTask(req);
    await requireRemoval(task);
    const { ids } = parseInput(removalRequestSchema, req.body);
    const preview: RemovalPreview = await inventory.preview(task.taskId, ids, {
      credentials: task.credentials,
    });
    res.json(preview);
  });

  router.post(`${path}/remove`, async (req, res) => {
    const audit = await auditor.createEvent({
      eventId: 'inventory-remove',
      severityLevel: 'medium',
      request: req,
      meta: { taskId: req.params.taskId },
    });
    try {
      const task = await openTask(req);
      await requireRemoval(task);
      const { ids } = parseInput(removalRequestSchema, req.body);
      const { removed, failed } = await inventory.remove(task.taskId, ids, {
        credentials: task.credentials,
        removedBy: task.credentials.principal.userEntityRef,
      });
      const meta = {
        removed: removed.map(({ kind, title }) => `${kind} ${title}`),
        ...(failed && { failed: `${failed.row.kind} ${failed.row.title}` }),
      };
      if (failed) {
        await audit.fail({ error: toError(failed.error), meta });
      } else {
        await audit.success({ meta });
      }
      const result: RemovalResult = {
        removed: removed.map(({ id }) => id),
        ...(failed && {
          failed: { id: failed.row.id, message: messageOf(failed.error) },
        }),
        inventory: await describe(task),
      };
      res.json(result);
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  });

  return router;
}
