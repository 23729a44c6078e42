import type {
  AuditorService,
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { toError } from '@backstage/errors';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import { requirePermission } from '@waystone/access';
import type { Denials } from '@waystone/access';
import type { AttributedEventOptions } from '@waystone/plugin-audit-node';
import {
  findingsQuerySchema,
  governanceFindingReadPermission,
  governanceManifestCheckPermission,
} from '@waystone/plugin-governance-common';
import type { ManifestChecker } from '../check/ManifestChecker';
import type { FindingsReader } from '../service/FindingsReader';

/** How long clusters have for all manifests. */
const CHECK_TIMEOUT_MS = 25_000;

/** What {@link registerActions} needs. */
export interface ActionOptions {
  readonly actionsRegistry: ActionsRegistryService;
  readonly auditor: AuditorService;
  readonly auth: AuthService;
  readonly checker: ManifestChecker;
  readonly denials: Denials;
  readonly findings: FindingsReader;
  readonly permissions: PermissionsService;
}

/** Registers what assistants and templates may ask, as the caller. */
export function registerActions(options: ActionOptions): void {
  registerListViolations(options);
  registerCheck(options);
}

function registerListViolations(options: ActionOptions) {
  options.actionsRegistry.register({
    name: 'list-violations',
    title: 'List policy violations',
    description: `Lists what breaks policies in the clusters, the worst first: the workload, the policy, its message, what
to do and until when. Use it when somebody asks whether a service or a team complies, or what to repair first.`,
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: governanceFindingReadPermission,
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .optional()
            .describe('Only of this service, such as component:default/orders'),
          owner: z
            .string()
            .optional()
            .describe('Only of this team, such as group:default/shop'),
          severity: z
            .enum(['critical', 'high', 'medium', 'low', 'unknown'])
            .optional(),
          environment: z.string().optional(),
          limit: z.number().int().min(1).max(100).default(20),
        }),
      output: z =>
        z.object({
          totalItems: z.number(),
          violations: z.array(
            z.object({
              policy: z.string(),
              title: z.string(),
              severity: z.enum([
                'critical',
                'high',
                'medium',
                'low',
                'unknown',
              ]),
              message: z.string(),
              fix: z.string().optional(),
              service: z.string().optional(),
              owner: z.string().optional(),
              environment: z.string().optional(),
              workload: z.string(),
              since: z.string().optional(),
              due: z.string().optional(),
              overdue: z.boolean(),
            }),
          ),
          stale: z
            .array(z.string())
            .describe('Sources whose data may be out of date'),
        }),
    },
    action: ({ credentials, input }) =>
      run(
        options,
        {
          eventId: 'violations-list',
          permission: governanceFindingReadPermission,
          credentials,
          meta: { ...input },
        },
        async () => {
          const { entityRef: entity, ...filter } = input;
          const { freshness, items, totalItems } =
            await options.findings.violations(
              findingsQuerySchema.parse({ ...filter, entity }),
              credentials,
            );
          return {
            totalItems,
            stale: freshness
              .filter(({ stale }) => stale)
              .map(({ source }) => source),
            violations: items.map(
              ({
                due,
                fix,
                message,
                overdue,
                policy,
                severity,
                since,
                subject,
                title,
              }) => ({
                policy,
                title,
                severity,
                message,
                fix,
                service: subject.entityRef,
                owner: subject.owner,
                environment: subject.environment,
                workload: `${subject.kind} ${subject.namespace ?? ''}/${
                  subject.name
                }`,
                since,
                due,
                overdue,
              }),
            ),
          };
        },
      ),
  });
}

function registerCheck(options: ActionOptions) {
  options.actionsRegistry.register({
    name: 'check',
    title: 'Check manifests against the policies of a cluster',
    description: `Asks the cluster of an environment, by a dry run that stores nothing, what it says of Kubernetes manifests:
whether it would take them, and which policy, field and sentence speaks against it. Use it before manifests are committed.`,
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: governanceManifestCheckPermission,
    schema: {
      input: z =>
        z.object({
          environment: z.string().describe('Such as production'),
          manifests: z
            .string()
            .max(1_000_000)
            .describe('YAML, one or several documents'),
          namespace: z
            .string()
            .optional()
            .describe('For manifests that name none'),
        }),
      output: z =>
        z.object({
          outcome: z.enum(['accepted', 'refused', 'unknown']),
          cluster: z.string(),
          objects: z.array(
            z.object({
              kind: z.string().optional(),
              name: z.string().optional(),
              outcome: z.enum(['accepted', 'refused', 'unknown']),
              verdicts: z.array(
                z.object({
                  severity: z.enum(['error', 'warning']),
                  source: z.enum([
                    'policy',
                    'schema',
                    'quota',
                    'access',
                    'cluster',
                  ]),
                  field: z.string().optional(),
                  policy: z.string().optional(),
                  message: z.string(),
                  fix: z.string().optional(),
                }),
              ),
            }),
          ),
        }),
    },
    action: ({ credentials, input }) =>
      run(
        options,
        {
          eventId: 'manifest-check',
          permission: governanceManifestCheckPermission,
          credentials,
          // Not the manifests: there may be anything in them.
          meta: { environment: input.environment },
        },
        async () => {
          const { cluster, objects, outcome } = await options.checker.check(
            input,
            AbortSignal.timeout(CHECK_TIMEOUT_MS),
          );
          return {
            cluster,
            outcome,
            objects: objects.map(object => ({
              kind: object.kind,
              name: object.name,
              outcome: object.outcome,
              verdicts: object.verdicts,
            })),
          };
        },
      ),
  });
}

/** Checks the permission, does it, and notes it. */
async function run<T>(
  { auditor, auth, denials, permissions }: ActionOptions,
  about: {
    readonly eventId: string;
    readonly permission: BasicPermission;
    readonly credentials: BackstageCredentials;
    readonly meta: Record<string, string | number | undefined>;
  },
  act: () => Promise<T>,
): Promise<{ readonly output: T }> {
  const { credentials, eventId, meta, permission } = about;
  const options: AttributedEventOptions = {
    eventId,
    severityLevel: 'low',
    meta: JSON.parse(JSON.stringify(meta)),
    ...(auth.isPrincipal(credentials, 'user') && {
      actor: credentials.principal.userEntityRef,
    }),
  };
  const event = await auditor.createEvent(options);
  try {
    await requirePermission(permissions, permission, credentials);
    const output = await act();
    await event.success();
    return { output };
  } catch (error) {
    await event.fail({ error: toError(error) });
    throw await denials.complete(error, credentials);
  }
}
