import type {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { requirePermission } from '@waystone/access';
import type { Environments } from '@waystone/environments';
import { requestSignal } from '@waystone/integrations';
import {
  DELIVERY_STATES,
  deliveryServiceReadPermission,
  distanceQuerySchema,
  historyQuerySchema,
  OBJECTS_MOST,
  servicesQuerySchema,
} from '@waystone/plugin-delivery-common';
import type {
  CiJobsResponse,
  CiRunsResponse,
  Deployment,
  DistanceResponse,
  DriftResponse,
  EnvironmentColumn,
  ExplanationResponse,
  Freshness,
  HistoryResponse,
  ObjectsResponse,
  Service,
  ServiceResponse,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';
import type { VisibleEntities } from '@waystone/read-models';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { z } from 'zod';
import type { CiReader } from '../ci/CiReader';
import type { DistanceReader } from '../distance/DistanceReader';
import type { HistoryReader } from '../history/HistoryReader';
import type { DeliveryModel } from '../model/DeliveryModel';
import { listServices } from '../model/listServices';
import { describeObjects } from '../why/describeObjects';
import type { EvidenceCollector } from '../why/EvidenceCollector';
import { explain } from '../why/explain';
import { createOpenApiDocument } from './openApi';

/** How long a source has to say what differs. */
const DRIFT_TIMEOUT_MS = 10_000;

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly ci: CiReader;
  readonly distance: DistanceReader;
  readonly collector: EvidenceCollector;
  readonly environments: Environments;
  readonly history: HistoryReader;
  readonly httpAuth: HttpAuthService;
  readonly model: DeliveryModel;
  readonly permissions: PermissionsService;
  readonly visible: VisibleEntities;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { ci, collector, distance, environments, history } = options;
  const { httpAuth, model, permissions, visible } = options;
  const router = PromiseRouter();
  const columns: EnvironmentColumn[] = environments.all.map(
    ({ name, title, protected: isProtected }) => ({
      name,
      title,
      protected: isProtected,
    }),
  );

  const authorize = async (req: Request): Promise<BackstageCredentials> => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    await requirePermission(
      permissions,
      deliveryServiceReadPermission,
      credentials,
    );
    return credentials;
  };
  /** The service of the path, if the caller may see it. */
  const findService = async (req: Request): Promise<Service> => {
    const credentials = await authorize(req);
    const { kind, name, namespace } = req.params;
    const entityRef = `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
    const service = model.service(entityRef);
    const [found] = service ? await visible.filter([service], credentials) : [];
    if (!found) {
      throw new NotFoundError(
        `No service '${entityRef}' is known to run anywhere. An entity says what it runs as by the annotation 'argocd/app-name' or 'backstage.io/kubernetes-id'`,
      );
    }
    return found;
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/services', async (req, res) => {
    const credentials = await authorize(req);
    const query = parse(servicesQuerySchema, req.query);
    const services = await visible.filter([...model.services()], credentials);
    res.json({
      ...listServices(services, query),
      environments: columns,
      freshness: [...model.freshness],
    } satisfies ServicesResponse);
  });

  router.get('/services/:namespace/:kind/:name', async (req, res) => {
    const service = await findService(req);
    res.json({
      service,
      commits: await history.commitsOf(
        model.placesOf(service.entityRef).map(({ observed, source }) => ({
          source,
          deployment: observed.id,
          revision: observed.revision,
        })),
        requestSignal(req),
      ),
      environments: columns,
      freshness: [...model.freshness],
    } satisfies ServiceResponse);
  });

  router.get('/services/:namespace/:kind/:name/history', async (req, res) => {
    const { entityRef } = await findService(req);
    const query = parse(historyQuerySchema, req.query);
    res.json(
      (await history.read(
        entityRef,
        query,
        requestSignal(req),
      )) satisfies HistoryResponse,
    );
  });

  router.get(
    '/services/:namespace/:kind/:name/environments/:environment/diff',
    async (req, res) => {
      const service = await findService(req);
      const deployments = findDeployments(service, req.params.environment);
      const signal = AbortSignal.any([
        requestSignal(req),
        AbortSignal.timeout(DRIFT_TIMEOUT_MS),
      ]);
      const items = await Promise.all(
        deployments.map(({ id }) => {
          const found = model.find(id);
          return found ? found.source.drift(found.id, { signal }) : [];
        }),
      );
      const { source } = deployments[0];
      res.json({
        items: items.flat(),
        totalItems: items.flat().length,
        freshness: model.freshness.find(each => each.source === source) ?? {
          source,
          stale: true,
        },
      } satisfies DriftResponse);
    },
  );

  router.get(
    '/services/:namespace/:kind/:name/environments/:environment/explanation',
    async (req, res) => {
      const deployments = findDeployments(
        await findService(req),
        req.params.environment,
      );
      const [worst] = [...deployments].sort(
        (a, b) =>
          DELIVERY_STATES.indexOf(a.state) - DELIVERY_STATES.indexOf(b.state),
      );
      const collected = await collector.collect(worst, {
        logs: worst.state !== 'healthy',
        signal: requestSignal(req),
      });
      res.json({
        deployment: worst.name,
        ...(worst.state === 'healthy'
          ? { others: [] }
          : explain(collected.situation)),
        gaps: [...collected.gaps],
        freshness: [...collected.freshness],
      } satisfies ExplanationResponse);
    },
  );

  router.get(
    '/services/:namespace/:kind/:name/environments/:environment/objects',
    async (req, res) => {
      const deployments = findDeployments(
        await findService(req),
        req.params.environment,
      );
      const answers = await Promise.all(
        deployments.map(async deployment =>
          describeObjects(
            await collector.collect(deployment, {
              logs: false,
              signal: requestSignal(req),
            }),
          ),
        ),
      );
      res.json({
        items: answers.flatMap(({ items }) => items).slice(0, OBJECTS_MOST),
        totalItems: answers.reduce((sum, each) => sum + each.totalItems, 0),
        events: answers.flatMap(({ events }) => events),
        gaps: [...new Set(answers.flatMap(({ gaps }) => gaps))],
        freshness: unique(answers.flatMap(({ freshness }) => freshness)),
      } satisfies ObjectsResponse);
    },
  );

  router.get('/services/:namespace/:kind/:name/commits', async (req, res) => {
    const service = await findService(req);
    const query = parse(distanceQuerySchema, req.query);
    const [from] = findDeployments(service, query.from);
    const [to] = findDeployments(service, query.to);
    const placed = model
      .placesOf(service.entityRef)
      .find(({ id }) => id === from.id);
    res.json(
      (await distance.read(
        service.entityRef,
        { from, to, repository: placed?.observed.repository },
        requestSignal(req),
      )) satisfies DistanceResponse,
    );
  });

  router.get('/services/:namespace/:kind/:name/runs', async (req, res) => {
    const { entityRef } = await findService(req);
    res.json(
      (await ci.runs(
        model.repositoriesOf(entityRef),
        requestSignal(req),
      )) satisfies CiRunsResponse,
    );
  });

  router.get(
    '/services/:namespace/:kind/:name/runs/:run/jobs',
    async (req, res) => {
      const { entityRef } = await findService(req);
      const items = await ci.jobs(
        model.repositoriesOf(entityRef),
        req.params.run,
        requestSignal(req),
      );
      res.json({ items: [...items] } satisfies CiJobsResponse);
    },
  );

  return router;
}

/** @throws NotFoundError if the service is not in the environment of the path. */
function findDeployments(service: Service, environment: string): Deployment[] {
  const deployments = service.deployments.filter(
    each => each.environment === environment,
  );
  if (deployments.length === 0) {
    throw new NotFoundError(
      `'${service.entityRef}' does not run in the environment '${environment}'`,
    );
  }
  return deployments;
}

function unique(freshness: readonly Freshness[]): Freshness[] {
  return [...new Map(freshness.map(each => [each.source, each])).values()];
}

/** @throws InputError that names the field. */
function parse<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid query: ${issue.path.join('.') || 'query'}: ${issue.message}`,
    );
  }
  return parsed.data;
}
