import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createPermission } from '@backstage/plugin-permission-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import type { KnownPermissions } from './policy/KnownPermissions';
import type { CompiledPolicy } from './policy/compilePolicy';
import { explainPermission } from './policy/explainPermission';
import type { WaystonePermissionPolicy } from './WaystonePermissionPolicy';

const querySchema = z.strictObject({
  permission: z.string().regex(/^[A-Za-z][\w.-]{0,199}$/, 'is no permission'),
});

/** `GET /waystone/explain?permission=`: what the policy says of a permission, to whoever is signed in. */
export function createExplainRouter(options: {
  readonly httpAuth: HttpAuthService;
  readonly known: KnownPermissions;
  readonly policy: () => CompiledPolicy;
  readonly permissionPolicy: WaystonePermissionPolicy;
}): Router {
  const { httpAuth, known, permissionPolicy, policy } = options;
  const router = PromiseRouter();
  router.get('/waystone/explain', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = querySchema.safeParse(req.query);
    if (!query.success) {
      const [issue] = query.error.issues;
      throw new InputError(
        `Invalid query: ${issue.path.join('.') || 'query'}: ${issue.message}`,
      );
    }
    const { permission: name } = query.data;
    const asker = await permissionPolicy.identify(credentials);
    res.json(
      explainPermission(
        policy(),
        // One that no plugin has is judged as what is no read.
        known.find(name) ?? createPermission({ name, attributes: {} }),
        asker?.ownershipEntityRefs ?? [],
      ),
    );
  });
  return router;
}
