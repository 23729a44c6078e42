import type {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Environments } from '@waystone/environments';
import {
  deliveryServiceReadPermission,
  historyQuerySchema,
  servicesQuerySchema,
} from '@waystone/plugin-delivery-common';
import type {
  DriftResponse,
  EnvironmentColumn,
  HistoryResponse,
  Service,
  ServiceResponse,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { z } from 'zod';
import type { HistoryReader } from '../history/HistoryReader';
import type { DeliveryModel } from '../model/DeliveryModel';
import { listServices } from '../model/listServices';
import { createOpenApiDocument } from './openApi';
import type { VisibleServices } from './VisibleServices';

/** How long a source has to say what differs. */
const DRIFT_TIMEOUT_MS = 10_000;

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly environments: Environments;
  readonly history: HistoryReader;
  readonly httpAuth: HttpAuthService;
  readonly model: DeliveryModel;
  readonly permissions: PermissionsService;
  readonly visible: VisibleServices;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { environments, history, httpAuth, model, permissions, visible } =
    options;
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
    const [decision] = await permissions.authorize(
      [{ permission: deliveryServiceReadPermission }],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You lack the permission ${deliveryServiceReadPermission.name}`,
      );
    }
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
    res.json({
      service: await findService(req),
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
        signalOf(req),
      )) satisfies HistoryResponse,
    );
  });

  router.get(
    '/services/:namespace/:kind/:name/environments/:environment/diff',
    async (req, res) => {
      const service = await findService(req);
      const { environment } = req.params;
      const deployments = service.deployments.filter(
        each => each.environment === environment,
      );
      if (deployments.length === 0) {
        throw new NotFoundError(
          `'${service.entityRef}' does not run in the environment '${environment}'`,
        );
      }
      const signal = AbortSignal.any([
        signalOf(req),
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

  return router;
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

/** Aborts when the client goes away. */
function signalOf(req: Request): AbortSignal {
  const controller = new AbortController();
  req.res?.on('close', () => controller.abort());
  return controller.signal;
}
