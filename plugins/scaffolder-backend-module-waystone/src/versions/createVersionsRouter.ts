import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { templateVersionsQuerySchema } from '@waystone/plugin-golden-paths-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import type { TemplateVersionReader } from './TemplateVersionReader';

/** `GET /golden-paths/versions/:namespace/:name`: what changed in a golden path since a version. */
export function createVersionsRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly versions: Pick<TemplateVersionReader, 'read'>;
}): Router {
  const { httpAuth, versions } = options;
  const router = PromiseRouter();
  router.get('/golden-paths/versions/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { version } = parseInput(templateVersionsQuerySchema, req.query);
    const ref = `template:${req.params.namespace}/${req.params.name}`;
    const found = await versions.read(ref, version, credentials);
    if (!found) {
      throw new NotFoundError(`There is no golden path '${ref}' with versions`);
    }
    res.json(found);
  });
  return router;
}
