import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { problemsQuerySchema } from '@waystone/plugin-catalog-overview-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { EntityProblemsReader } from './EntityProblemsReader';
import type { ProblemsReader } from './ProblemsReader';

/** `GET /waystone/problems`, and the same of one entity with lines and patches. */
export function createProblemsRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly problems: ProblemsReader;
  readonly entityProblems: EntityProblemsReader;
}): Router {
  const { entityProblems, httpAuth, problems } = options;
  const router = PromiseRouter();

  router.get('/waystone/problems', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = problemsQuerySchema.safeParse(req.query);
    if (!query.success) {
      const [issue] = query.error.issues;
      throw new InputError(
        `Invalid query parameter '${issue.path.join('.')}': ${issue.message}`,
      );
    }
    res.json(await problems.list(query.data, credentials));
  });

  router.get('/waystone/problems/:kind/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { kind, namespace, name } = req.params;
    const entityRef = `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
    const result = await entityProblems.read(entityRef, credentials);
    if (!result) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    res.json(result);
  });

  return router;
}
