import {
  infrastructureRequestDeletePermission,
  infrastructureRequestUpdatePermission,
} from '@waystone/plugin-infrastructure-common';
import type {
  Backup,
  BackupList,
  Consumers,
  DeletionPreview,
} from '@waystone/plugin-infrastructure-common';
import type { Router } from 'express';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { DayTwoService } from '../service/DayTwoService';
import type { RequestCalls } from './RequestCalls';

/** Backups, new credentials, and what deleting would do. */
export function addDayTwoRoutes(
  router: Router,
  options: {
    readonly calls: RequestCalls;
    readonly dayTwo: DayTwoService;
    readonly store: DatabaseRequestStore;
  },
): void {
  const { calls, dayTwo, store } = options;

  router.get('/requests/:id/backups', async (req, res) => {
    const row = await calls.findVisible(req.params.id, await calls.user(req));
    res.json((await dayTwo.listBackups(row)) satisfies BackupList);
  });

  router.post('/requests/:id/backups', async (req, res) => {
    const { id } = req.params;
    const backup = await calls.audited(
      req,
      { eventId: 'backup-create', meta: { request: id } },
      async caller => {
        const row = await calls.findVisible(id, caller);
        await calls.require(caller, infrastructureRequestUpdatePermission, row);
        const result = await dayTwo.backUp(row, caller.ref);
        return { result, meta: { backup: result.name } };
      },
    );
    res.status(202).json(backup satisfies Backup);
  });

  router.get('/requests/:id/consumers', async (req, res) => {
    const row = await calls.findVisible(req.params.id, await calls.user(req));
    res.json((await dayTwo.findConsumers(row)) satisfies Consumers);
  });

  router.post('/requests/:id/credentials/rotate', async (req, res) => {
    const { id } = req.params;
    const detail = await calls.audited(
      req,
      {
        eventId: 'credentials-rotate',
        severityLevel: 'high',
        meta: { request: id },
      },
      async caller => {
        const row = await calls.findVisible(id, caller);
        await calls.require(caller, infrastructureRequestUpdatePermission, row);
        await dayTwo.rotate(row, caller.ref);
        const rotated = (await store.find(id)) ?? row;
        return { result: await calls.describe(rotated, caller) };
      },
    );
    res.status(202).json(detail);
  });

  router.get('/requests/:id/deletion', async (req, res) => {
    const caller = await calls.user(req);
    const row = await calls.findVisible(req.params.id, caller);
    await calls.require(caller, infrastructureRequestDeletePermission, row);
    res.json((await dayTwo.previewDeletion(row)) satisfies DeletionPreview);
  });
}
