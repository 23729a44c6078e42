import type {
  AuditorService,
  AuditorServiceEvent,
} from '@backstage/backend-plugin-api';
import { NotFoundError, toError } from '@backstage/errors';
import type { ScmIntegrationRegistry } from '@backstage/integration';
import { getLocationForEntity } from '@backstage/plugin-techdocs-node';
import type { FileChange } from '@waystone/docs-renderer';
import {
  docsFeedbackHandledSchema,
  docsFeedbackQuerySchema,
  docsFeedbackSchema,
  docsFeedbackWaitingQuerySchema,
  docsReadSchema,
  docsReadsQuerySchema,
  docsSitesQuerySchema,
  type DocsBuild,
  type DocsBuilds,
  type DocsPage,
  type DocsSiteReads,
} from '@waystone/plugin-techdocs-native-common';
import express, { type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import type { BuildStore } from '../builds/BuildStore';
import type { ForgeHistory } from '../builds/ForgeHistory';
import type { FeedbackStore } from '../builds/FeedbackStore';
import type { ReadStore } from '../builds/ReadStore';
import { isStale } from '../sites/DocsSites';
import type { DocsSites } from '../sites/DocsSites';
import { readWaitingFeedback } from '../sites/readWaitingFeedback';
import { issueUrlOf } from './issueUrlOf';
import {
  askedEntity,
  parseInput,
  requireOwner,
  type AskedEntity,
  type AskedEntityOptions,
} from './askedEntity';

export interface DocsRouterOptions extends AskedEntityOptions {
  readonly auditor: AuditorService;
  readonly builds: BuildStore;
  readonly feedback: FeedbackStore;
  /** Asked once for each page of a build whose source came without its history. */
  readonly history: ForgeHistory;
  readonly scmIntegrations: ScmIntegrationRegistry;
  readonly reads: ReadStore;
  readonly sites: DocsSites;
}

const pageQuerySchema = z.object({ path: z.string().max(500).default('') });

/**
 * Routes below `/api/techdocs/native`: all docs, how the last build of an entity's docs went, how often its pages are
 * read and what readers say of them. Who may read the entity may ask; problems and comments are for its owners.
 */
export function createDocsRouter(options: DocsRouterOptions): Router {
  const { auditor, builds, feedback, httpAuth, reads, sites } = options;
  const router = PromiseRouter();
  router.use('/native', express.json({ limit: '20kb' }));
  const entityPath = ':namespace/:kind/:name';

  router.get('/native/sites', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parseInput(docsSitesQuerySchema, req.query, 'query');
    res.json(await sites.list(query, credentials));
  });

  // Of all docs, whoever may read them: for the scorecards of the portal, which tell nobody more than she may see.
  router.get('/native/builds', async (req, res) => {
    await httpAuth.credentials(req, { allow: ['service'] });
    const all = await builds.list();
    res.json({
      items: [...all].map(([entityRef, build]) => ({
        entityRef,
        state: build.state,
        pages: build.pages,
        problemCount: build.problemCount,
        stale: isStale(build),
      })),
    } satisfies DocsBuilds);
  });

  router.get(`/native/builds/${entityPath}`, async (req, res) => {
    res.json(await describeBuild(await askedEntity(req, options), builds));
  });

  router.get(`/native/pages/${entityPath}`, async (req, res) => {
    const asked = await askedEntity(req, options);
    const { path } = parseInput(pageQuerySchema, req.query, 'query');
    res.json(await describePage(asked, path, options));
  });

  router.get(`/native/reads/${entityPath}`, async (req, res) => {
    const { entityRef } = await askedEntity(req, options);
    const query = parseInput(docsReadsQuerySchema, req.query, 'query');
    const [pages, titles] = await Promise.all([
      reads.byPage(entityRef, query.days),
      builds.titles(entityRef),
    ]);
    const answer: DocsSiteReads = {
      entityRef,
      days: query.days,
      reads: pages.reduce((sum, page) => sum + page.reads, 0),
      pages: pages
        .slice(0, query.limit)
        .map(page => ({ ...page, title: titles.get(page.page) })),
    };
    res.json(answer);
  });

  // Not audited: who reads what is nobody's business, and nothing but a number is kept
  router.post(`/native/reads/${entityPath}`, async (req, res) => {
    const { entityRef, userRef } = await askedEntity(req, options);
    const { page } = parseInput(docsReadSchema, req.body, 'read');
    if (await builds.findPage(entityRef, page)) {
      reads.count({ entityRef, page, userRef });
    }
    res.status(204).end();
  });

  router.get('/native/feedback', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { limit, owner } = parseInput(
      docsFeedbackWaitingQuerySchema,
      req.query,
      'query',
    );
    const { ownershipEntityRefs } = await options.userInfo.getUserInfo(
      credentials,
    );
    res.json(
      await readWaitingFeedback({
        feedback,
        catalog: options.catalog,
        credentials,
        ownershipRefs: owner
          ? ownershipEntityRefs.filter(ref => ref === owner)
          : ownershipEntityRefs,
        limit,
      }),
    );
  });

  router.get(`/native/feedback/${entityPath}`, async (req, res) => {
    const asked = await askedEntity(req, options);
    requireOwner(asked, 'read what readers say of its docs');
    const query = parseInput(docsFeedbackQuerySchema, req.query, 'query');
    res.json(await feedback.report(asked.entityRef, query));
  });

  router.post(`/native/feedback/${entityPath}`, async (req, res) => {
    const asked = await askedEntity(req, options);
    const event = await auditor.createEvent({
      eventId: 'docs-feedback',
      severityLevel: 'medium',
      request: req,
      meta: { entityRef: asked.entityRef },
    });
    await audited(event, () =>
      feedback.put(
        asked.entityRef,
        asked.userRef,
        parseInput(docsFeedbackSchema, req.body, 'feedback'),
      ),
    );
    res.status(204).end();
  });

  router.put(`/native/feedback/${entityPath}/:id/handled`, async (req, res) => {
    const asked = await askedEntity(req, options);
    const event = await auditor.createEvent({
      eventId: 'docs-feedback-handle',
      severityLevel: 'medium',
      request: req,
      meta: { entityRef: asked.entityRef, id: req.params.id },
    });
    await audited(event, async () => {
      requireOwner(asked, 'deal with what readers say of its docs');
      const { handled } = parseInput(
        docsFeedbackHandledSchema,
        req.body,
        'change',
      );
      const id = z.uuid().safeParse(req.params.id);
      const found =
        id.success &&
        (await feedback.setHandled(asked.entityRef, id.data, {
          handled,
          userRef: asked.userRef,
        }));
      if (!found) {
        throw new NotFoundError(`There is no feedback "${req.params.id}"`);
      }
    });
    res.status(204).end();
  });

  router.post(`/native/confirmations/${entityPath}`, async (req, res) => {
    const asked = await askedEntity(req, options);
    const event = await auditor.createEvent({
      eventId: 'docs-confirm',
      severityLevel: 'medium',
      request: req,
      meta: { entityRef: asked.entityRef },
    });
    await audited(event, async () => {
      requireOwner(asked, 'confirm its docs');
      await builds.confirm(asked.entityRef, asked.userRef);
    });
    res.status(204).end();
  });
  return router;
}

async function audited(
  event: AuditorServiceEvent,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
    await event.success();
  } catch (error) {
    await event.fail({ error: toError(error) });
    throw error;
  }
}

async function describePage(
  { entity, entityRef }: AskedEntity,
  path: string,
  { builds, history, scmIntegrations }: DocsRouterOptions,
): Promise<DocsPage> {
  const found = await builds.findPage(entityRef, path);
  if (!found) {
    throw new NotFoundError(`The docs of ${entityRef} have no page "${path}"`);
  }
  const { page, repositoryUrl } = found;
  let change: Partial<FileChange> = page;
  const location = page.updatedAt
    ? undefined
    : getLocationForEntity(entity, scmIntegrations);
  if (location?.type === 'url') {
    const told = await history.lastChange(location.target, page.source);
    if (told) {
      change = told;
      await builds.setChange(entityRef, path, told);
    }
  }
  return {
    path,
    source: page.source,
    updatedAt: change.updatedAt,
    updatedBy: change.updatedBy,
    issueUrl: repositoryUrl && issueUrlOf(repositoryUrl, page),
  };
}

async function describeBuild(
  asked: AskedEntity,
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
    changedBy: build.changedBy,
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
