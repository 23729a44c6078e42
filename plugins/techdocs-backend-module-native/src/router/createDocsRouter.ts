import type {
  AuditorService,
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
import {
  docsFeedbackSchema,
  type DocsBuild,
} from '@waystone/plugin-techdocs-native-common';
import express, { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { BuildStore } from '../builds/BuildStore';
import type { FeedbackStore } from '../builds/FeedbackStore';

export interface DocsRouterOptions {
  readonly auditor: AuditorService;
  readonly builds: BuildStore;
  readonly catalog: CatalogService;
  readonly feedback: FeedbackStore;
  readonly httpAuth: HttpAuthService;
  readonly userInfo: UserInfoService;
}

interface Asked {
  readonly credentials: BackstageCredentials<BackstageUserPrincipal>;
  readonly entity: Entity;
  readonly entityRef: string;
  readonly owner: boolean;
}

/**
 * Routes below `/api/techdocs/native`: how the last build of an entity's docs went, and what readers say of its pages.
 * Who may read the entity may ask; problems and comments are for its owners.
 */
export function createDocsRouter(options: DocsRouterOptions): Router {
  const { auditor, builds, feedback } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '20kb' }));
  const entityPath = '/native/:what/:namespace/:kind/:name';

  router.get(entityPath, async (req, res, next) => {
    const { what } = req.params;
    if (what === 'builds') {
      const asked = await ask(req, options);
      res.json(await describeBuild(asked, builds));
    } else if (what === 'feedback') {
      const asked = await ask(req, options);
      requireOwner(asked, 'read what readers say of its docs');
      res.json(await feedback.list(asked.entityRef));
    } else next();
  });

  router.post(entityPath, async (req, res, next) => {
    const { what } = req.params;
    if (what !== 'feedback' && what !== 'confirmations') {
      next();
      return;
    }
    const asked = await ask(req, options);
    const userRef = asked.credentials.principal.userEntityRef;
    const event = await auditor.createEvent({
      eventId: what === 'feedback' ? 'docs-feedback' : 'docs-confirm',
      severityLevel: 'low',
      request: req,
      meta: { entityRef: asked.entityRef },
    });
    try {
      if (what === 'feedback') {
        const body = docsFeedbackSchema.safeParse(req.body);
        if (!body.success) {
          throw new InputError(
            `The feedback is not valid: ${body.error.issues[0]?.message}`,
          );
        }
        await feedback.put(asked.entityRef, userRef, body.data);
      } else {
        requireOwner(asked, 'confirm its docs');
        await builds.confirm(asked.entityRef, userRef);
      }
      await event.success();
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
    res.status(204).end();
  });
  return router;
}

async function ask(req: Request, options: DocsRouterOptions): Promise<Asked> {
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
  const owners = (entity.relations ?? [])
    .filter(relation => relation.type === RELATION_OWNED_BY)
    .map(relation => relation.targetRef);
  return {
    credentials,
    entity,
    entityRef: stringifyEntityRef(entity),
    owner: owners.some(ref => ownershipEntityRefs.includes(ref)),
  };
}

function requireOwner(asked: Asked, what: string): void {
  if (!asked.owner) {
    throw new NotAllowedError(`Only owners of ${asked.entityRef} may ${what}`);
  }
}

async function describeBuild(
  asked: Asked,
  builds: BuildStore,
): Promise<DocsBuild> {
  const { entityRef, owner } = asked;
  const build = await builds.find(entityRef);
  if (!build) {
    return {
      entityRef,
      state: 'unknown',
      owner,
      problems: [],
      problemCount: 0,
    };
  }
  return {
    entityRef,
    owner,
    state: build.state,
    builtAt: build.builtAt?.toISOString(),
    changedAt: build.changedAt?.toISOString(),
    attemptedAt: build.attemptedAt.toISOString(),
    error: owner ? build.error : undefined,
    pages: build.pages,
    milliseconds: build.milliseconds,
    problems: owner ? [...build.problems] : [],
    problemCount: build.problems.length,
    confirmedAt: build.confirmedAt?.toISOString(),
    confirmedBy: build.confirmedBy,
  };
}
