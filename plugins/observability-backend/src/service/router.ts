import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { requestSignal } from '@waystone/integrations';
import type { Environments } from '@waystone/environments';
import {
  alertsQuerySchema,
  environmentQuerySchema,
  metricsQuerySchema,
  RANGES,
  servicesQuerySchema,
} from '@waystone/plugin-observability-common';
import type {
  AlertsResponse,
  EnvironmentColumn,
  MetricsResponse,
  ServicesResponse,
  SlosResponse,
  SummaryResponse,
} from '@waystone/plugin-observability-common';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { z } from 'zod';
import { listAlerts } from '../alerts/listAlerts';
import { describeInstrumentation } from '../instrumentation/describeInstrumentation';
import type { ServiceCharts } from '../metrics/ServiceCharts';
import type { ServiceObjectives } from '../metrics/ServiceObjectives';
import type { HealthModel } from '../model/HealthModel';
import { listServices } from '../model/listServices';
import type { HealthReader } from './HealthReader';
import { createOpenApiDocument } from './openApi';

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly charts: ServiceCharts;
  readonly environments: Environments;
  readonly httpAuth: HttpAuthService;
  readonly model: HealthModel;
  readonly objectives: ServiceObjectives;
  readonly reader: HealthReader;
}

/** The HTTP routes of the plugin. */
export function createRouter(options: RouterOptions): Router {
  const { charts, environments, httpAuth, model, objectives, reader } = options;
  const router = PromiseRouter();
  const columns: EnvironmentColumn[] = environments.all.map(
    ({ name, title, protected: isProtected }) => ({
      name,
      title,
      protected: isProtected,
    }),
  );
  const credentialsOf = (req: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(req, { allow: ['user', 'service'] });
  /** The service of the path, if the caller may see it. */
  const findService = async (req: Request) => {
    const { kind, name, namespace } = req.params;
    return reader.service(
      `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US'),
      await credentialsOf(req),
    );
  };

  router.get('/openapi.json', (_req, res) => {
    res.json(createOpenApiDocument());
  });

  router.get('/services', async (req, res) => {
    const services = await reader.services(await credentialsOf(req));
    const query = parse(servicesQuerySchema, req.query);
    const environment = query.environment ?? columns.at(-1)?.name;
    res.json({
      ...listServices(services, query, environment),
      environments: columns,
      environment,
      freshness: [...model.freshness],
    } satisfies ServicesResponse);
  });

  router.get('/alerts', async (req, res) => {
    const alerts = await reader.alerts(await credentialsOf(req));
    const query = parse(alertsQuerySchema, req.query);
    res.json({
      ...listAlerts(alerts, query),
      freshness: [...model.freshness],
    } satisfies AlertsResponse);
  });

  router.get('/services/:namespace/:kind/:name/summary', async (req, res) => {
    const service = await findService(req);
    const entity = model.entity(service.entityRef);
    const measured = service.environments.some(({ recipe }) => recipe);
    res.json({
      service,
      environments: columns,
      instrumentation:
        measured || !entity
          ? undefined
          : describeInstrumentation(entity.stack, entity.name),
      freshness: [...model.freshness],
    } satisfies SummaryResponse);
  });

  router.get('/services/:namespace/:kind/:name/metrics', async (req, res) => {
    const service = await findService(req);
    const query = parse(metricsQuerySchema, req.query);
    const { from, to } = query;
    const place = reader.place(service, query.environment);
    if (from !== undefined && from > place.fleet.now()) {
      throw new InputError('Invalid query: from: lies in the future');
    }
    res.json(
      (await charts.read(place, {
        seconds:
          from !== undefined && to !== undefined
            ? to - from
            : RANGES[query.range ?? '6h'],
        end: to,
        compare: query.compare ?? false,
        signal: requestSignal(req),
      })) satisfies MetricsResponse,
    );
  });

  router.get('/services/:namespace/:kind/:name/alerts', async (req, res) => {
    const { entityRef } = await findService(req);
    const query = parse(alertsQuerySchema, req.query);
    res.json({
      ...listAlerts(
        model.alerts.filter(alert => alert.entityRef === entityRef),
        query,
      ),
      freshness: [...model.freshness],
    } satisfies AlertsResponse);
  });

  router.get('/services/:namespace/:kind/:name/slos', async (req, res) => {
    const service = await findService(req);
    const query = parse(environmentQuerySchema, req.query);
    const place = reader.place(service, query.environment);
    const health = service.environments.find(
      each =>
        each.environment === place.environment &&
        each.namespace === place.workload.namespace,
    )!;
    res.json(
      (await objectives.read(place, health, {
        signal: requestSignal(req),
      })) satisfies SlosResponse,
    );
  });

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
