import type {
  AuditorService,
  AuthService,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { AttributedEventOptions } from '@waystone/plugin-audit-node';
import type {
  Alert,
  ServiceHealth,
} from '@waystone/plugin-observability-common';
import { observabilityServiceReadPermission } from '@waystone/plugin-observability-common';
import type { HealthReader } from '../service/HealthReader';

/** Registers what assistants and templates may ask, as the caller. */
export function registerActions(options: {
  readonly actionsRegistry: ActionsRegistryService;
  readonly auditor: AuditorService;
  readonly auth: AuthService;
  readonly reader: HealthReader;
}): void {
  const { actionsRegistry, auditor, auth, reader } = options;
  actionsRegistry.register({
    name: 'get-service-health',
    title: 'Get the health of a service',
    description: `Says whether a service is healthy in each of its environments: requests a second, the share that fails, the
95th percentile of durations, what it promises and how much of the error budget is left, and the alerts that fire. Use it
when somebody asks whether a service works, why it is slow, or what is wrong with it.`,
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: observabilityServiceReadPermission,
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .describe('The service, such as component:default/orders'),
        }),
      output: z =>
        z.object({
          entityRef: z.string(),
          owner: z.string().optional(),
          state: z
            .enum(['critical', 'attention', 'unknown', 'healthy'])
            .describe('The worst of its protected environments'),
          sentence: z.string(),
          environments: z.array(
            z.object({
              environment: z.string().optional(),
              state: z.enum(['critical', 'attention', 'unknown', 'healthy']),
              sentence: z.string(),
              requestsPerSecond: z.number().nullable(),
              errorRatio: z.number().nullable(),
              p95Seconds: z.number().nullable(),
              objectives: z.array(
                z.object({
                  name: z.enum(['availability', 'latency']),
                  target: z.number(),
                  windowDays: z.number(),
                  budgetLeft: z.number().nullable(),
                }),
              ),
            }),
          ),
          alerts: z.array(
            z.object({
              name: z.string(),
              state: z.enum(['firing', 'pending', 'suppressed']),
              severity: z.enum(['critical', 'warning', 'info']),
              since: z.string().optional(),
              environment: z.string().optional(),
              summary: z.string().optional(),
              runbook: z.string().optional(),
            }),
          ),
        }),
    },
    action: async ({ credentials, input }) => {
      const entityRef = stringifyEntityRef(
        parseEntityRef(input.entityRef, { defaultKind: 'component' }),
      );
      const about: AttributedEventOptions = {
        eventId: 'service-health-read',
        severityLevel: 'low',
        meta: { entityRef },
        ...(auth.isPrincipal(credentials, 'user') && {
          actor: credentials.principal.userEntityRef,
        }),
      };
      const event = await auditor.createEvent(about);
      try {
        const service = await reader.service(entityRef, credentials);
        const alerts = await reader.alerts(credentials);
        await event.success();
        return {
          output: describe(
            service,
            alerts.filter(alert => alert.entityRef === entityRef),
          ),
        };
      } catch (error) {
        await event.fail({ error: toError(error) });
        throw error;
      }
    },
  });
}

function describe(service: ServiceHealth, alerts: readonly Alert[]) {
  return {
    entityRef: service.entityRef,
    owner: service.owner,
    state: service.state,
    sentence: service.sentence,
    environments: service.environments.map(health => ({
      environment: health.environment,
      state: health.state,
      sentence: health.sentence,
      requestsPerSecond: health.signals.requests,
      errorRatio: health.signals.errors,
      p95Seconds: health.signals.p95Seconds,
      objectives: health.slos.map(
        ({ budgetLeft, name, target, windowDays }) => ({
          name,
          target,
          windowDays,
          budgetLeft,
        }),
      ),
    })),
    alerts: alerts.map(
      ({ environment, name, runbook, severity, since, state, summary }) => ({
        name,
        state,
        severity,
        since,
        environment,
        summary,
        runbook,
      }),
    ),
  };
}
