import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, toError } from '@backstage/errors';
import {
  problemsQuerySchema,
  proposeFixSchema,
} from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { readEntityRef } from '../http/readEntityRef';
import type { EntityProblemsReader } from './EntityProblemsReader';
import type { FixProposer } from './FixProposer';
import type { ProblemsReader } from './ProblemsReader';

/** `GET /waystone/problems`, the same of one entity with lines and patches, and pull requests with those. */
export function createProblemsRouter(options: {
  readonly auditor: AuditorService;
  readonly fixes: FixProposer;
  readonly httpAuth: HttpAuthService;
  readonly problems: ProblemsReader;
  readonly entityProblems: EntityProblemsReader;
}): Router {
  const { auditor, entityProblems, fixes, httpAuth, problems } = options;
  const router = PromiseRouter();

  router.get('/waystone/problems', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(problemsQuerySchema, req.query);
    res.json(await problems.list(query, credentials));
  });

  router.get('/waystone/problems/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const entityRef = readEntityRef(req);
    const result = await entityProblems.read(entityRef, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  router.post(
    '/waystone/problems/:kind/:namespace/:name/pull-request',
    express.json({ limit: '10kb' }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const body = proposeFixSchema.safeParse(req.body);
      if (!body.success) {
        throw new InputError(
          "Expected 'fixId' as the problems of the entity have it",
        );
      }
      const entityRef = readEntityRef(req);
      const { fixId } = body.data;
      const audit = await auditor.createEvent({
        eventId: 'problem-fix-propose',
        severityLevel: 'medium',
        request: req,
        meta: { entityRef, fixId },
      });
      try {
        const proposal = await fixes.propose(entityRef, fixId, credentials);
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
