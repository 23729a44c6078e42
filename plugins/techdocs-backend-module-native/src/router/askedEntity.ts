import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  HttpAuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  RELATION_OWNED_BY,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Request } from 'express';
import type { z } from 'zod';

export interface AskedEntityOptions {
  readonly catalog: CatalogService;
  readonly httpAuth: HttpAuthService;
  readonly userInfo: UserInfoService;
}

/** Whose docs a request is about, and who asks. */
export interface AskedEntity {
  readonly credentials: BackstageCredentials<BackstageUserPrincipal>;
  readonly userRef: string;
  readonly entity: Entity;
  readonly entityRef: string;
  /** Whether the person asking owns the entity. */
  readonly owner: boolean;
}

/** @throws NotFoundError when the person may not see the entity, or there is none. */
export async function askedEntity(
  req: Request,
  options: AskedEntityOptions,
): Promise<AskedEntity> {
  const credentials = await options.httpAuth.credentials(req, {
    allow: ['user'],
  });
  const { namespace, kind, name } = req.params;
  const entity = await options.catalog.getEntityByRef(
    { namespace, kind, name },
    { credentials },
  );
  if (!entity) {
    throw new NotFoundError(`There is no ${kind} "${namespace}/${name}"`);
  }
  const { ownershipEntityRefs } = await options.userInfo.getUserInfo(
    credentials,
  );
  return {
    credentials,
    userRef: credentials.principal.userEntityRef,
    entity,
    entityRef: stringifyEntityRef(entity),
    owner: (entity.relations ?? []).some(
      relation =>
        relation.type === RELATION_OWNED_BY &&
        ownershipEntityRefs.includes(relation.targetRef),
    ),
  };
}

/** @throws NotAllowedError for everybody who does not own the entity. */
export function requireOwner(asked: AskedEntity, what: string): void {
  if (!asked.owner) {
    throw new NotAllowedError(`Only owners of ${asked.entityRef} may ${what}`);
  }
}

/** @throws InputError saying what is not valid. */
export function parseInput<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : '';
  throw new InputError(`The ${what} is not valid: ${place}${issue.message}`);
}
