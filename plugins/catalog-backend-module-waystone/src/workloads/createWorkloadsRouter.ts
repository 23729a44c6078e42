import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, toError } from '@backstage/errors';
import {
  placedWorkloadQuerySchema,
  proposeWorkloadSchema,
  workloadRepositoriesQuerySchema,
} from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { toItem } from './UnregisteredReader';
import type { UnregisteredReader } from './UnregisteredReader';
import type { WorkloadProposer } from './WorkloadProposer';

/** `GET /waystone/unregistered`, and pull requests that register what it lists. */
export function createWorkloadsRouter(options: {
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  readonly proposer: WorkloadProposer;
  readonly unregistered: UnregisteredReader;
}): Router {
  const { auditor, httpAuth, proposer, unregistered } = options;
  const router = PromiseRouter();

  router.get('/waystone/unregistered', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(await unregistered.list(credentials));
  });

  router.get('/waystone/unregistered/repositories', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id, q } = parseInput(
      workloadRepositoriesQuerySchema,
      req.query,
      'parameter',
    );
    await proposer.authorize(id, credentials);
    res.json(await unregistered.repositories(id, q, credentials));
  });

  router.get('/waystone/unregistered/placed', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { id, repository } = parseInput(
      placedWorkloadQuerySchema,
      req.query,
      'parameter',
    );
    await proposer.authorize(id, credentials);
    res.json(toItem(await unregistered.placedIn(id, repository, credentials)));
  });

  router.post(
    '/waystone/unregistered/pull-request',
    express.json({ limit: '10kb' }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const body = proposeWorkloadSchema.safeParse(req.body);
      if (!body.success) {
        throw new InputError("Expected 'id' as the list has it");
      }
      const { id, repository } = body.data;
      const audit = await auditor.createEvent({
        eventId: 'workload-registration-propose',
        severityLevel: 'medium',
        request: req,
        meta: { workload: id, ...(repository && { repository }) },
      });
      try {
        const proposal = await proposer.propose(body.data, credentials);
        await audit.success({ meta: { ...proposal } });
        res.status(proposal.created ? 201 : 200).json(proposal);
      } catch (error) {
        await audit.fail({ error: toError(error) });
        throw error;
      }
    },
  );

  return router;
}
