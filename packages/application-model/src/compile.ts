import type { PlatformDefaults } from './defaults';
import { applyPatches } from './escape/applyPatches';
import type { PlacedPatch } from './escape/applyPatches';
import { createExtraManifests } from './escape/createExtraManifests';
import { createArgoCdApplication } from './manifests/createArgoCdApplication';
import {
  createDashboardConfigMap,
  createPrometheusRule,
  createServiceMonitor,
} from './manifests/createMonitoring';
import {
  createIngress,
  createNetworkPolicy,
  createService,
} from './manifests/createNetworking';
import {
  createAutoscaler,
  createDisruptionBudget,
  createServiceAccount,
  createWorkload,
} from './manifests/createWorkload';
import type { Draft } from './manifests/Draft';
import { Origins } from './output/Origins';
import { unwrap } from './output/unwrap';
import type { Manifest } from './output/unwrap';
import { formatPath, problemAt } from './Problem';
import type { FieldPath, Problem } from './Problem';
import type { TargetEnvironment } from './resolve/Environment';
import { resolveApplication } from './resolve/resolveApplication';
import type { ResolvedApplication } from './resolve/ResolvedApplication';
import type { Application, Workload } from './schema/Application';

/** An object that an application is compiled to. @public */
export interface CompiledManifest {
  /** Where it belongs in the repository, such as `deploy/production/deployment.yaml`. */
  readonly file: string;
  readonly object: Manifest;
  /** Where its values came from. */
  readonly origins: Origins;
  /** How many patches changed it. */
  readonly patches: number;
  /** Whether the team wrote it itself. */
  readonly extra: boolean;
}

/** What an application is in one environment. @public */
export interface Compilation {
  readonly environment: string;
  readonly namespace: string;
  /** Empty if there are errors. Always in the same order; Argo CD's Application is the last. */
  readonly manifests: readonly CompiledManifest[];
  /** How much the model was not enough for. */
  readonly offThePath: { readonly patches: number; readonly manifests: number };
  readonly problems: readonly Problem[];
}

/** @public */
export interface CompileOptions {
  /** As {@link readApplication} or {@link checkApplication} gave it. */
  readonly application: Application;
  readonly environment: TargetEnvironment;
  readonly platform: PlatformDefaults;
}

type Factory = (resolved: ResolvedApplication) => Draft | undefined;

/** File names of what is compiled, in the order in which it is written. */
const FACTORIES: readonly (readonly [string, Factory])[] = [
  ['service-account.yaml', createServiceAccount],
  ['deployment.yaml', createWorkload],
  ['service.yaml', createService],
  ['ingress.yaml', createIngress],
  ['horizontal-pod-autoscaler.yaml', createAutoscaler],
  ['pod-disruption-budget.yaml', createDisruptionBudget],
  ['network-policy.yaml', createNetworkPolicy],
  ['service-monitor.yaml', createServiceMonitor],
  ['prometheus-rule.yaml', createPrometheusRule],
  ['dashboard.yaml', createDashboardConfigMap],
];

/**
 * Compiles an application for one environment.
 *
 * @remarks
 *
 * Pure, and always the same for the same input.
 *
 * @public
 */
export function compile({
  application,
  environment,
  platform,
}: CompileOptions): Compilation {
  const resolved = resolveApplication(application, environment, platform);
  const { namespace } = resolved;
  const folder = `deploy/${environment.name}`;
  const early = checkPlace(application, environment, namespace);
  if (early.length > 0) {
    return nothing(environment.name, namespace, early);
  }
  const compiled = FACTORIES.flatMap(([name, create]) => {
    const draft = create(resolved);
    const file = draft?.kind === 'CronJob' ? 'cron-job.yaml' : name;
    return draft
      ? [{ file: `${folder}/${file}`, ...unwrap(draft), patches: 0 }]
      : [];
  });
  const extra = createExtraManifests(
    resolved,
    listed(application, environment.name, 'manifests').map(
      ({ item, path }) => ({ manifest: item, path }),
    ),
  );
  const problems = [
    ...extra.problems,
    ...checkDuplicates(compiled, extra.objects),
    ...applyPatches(
      compiled,
      listed(application, environment.name, 'patches').map(
        ({ item, path }): PlacedPatch => ({ patch: item, path }),
      ),
    ),
  ];
  if (problems.some(({ severity }) => severity === 'error')) {
    return nothing(environment.name, namespace, problems);
  }
  const { object, origins } = unwrap(createArgoCdApplication(resolved));
  return {
    environment: environment.name,
    namespace,
    manifests: [
      ...compiled.map(manifest => ({ ...manifest, extra: false })),
      ...extra.objects.map(each => ({
        file: `${folder}/extra-${toFileName(each)}.yaml`,
        object: each,
        origins: new Origins(),
        patches: 0,
        extra: true,
      })),
      {
        file: `deploy/argocd/${environment.name}.yaml`,
        object,
        origins,
        patches: 0,
        extra: false,
      },
    ],
    offThePath: {
      patches: compiled.reduce((sum, { patches }) => sum + patches, 0),
      manifests: extra.objects.length,
    },
    problems,
  };
}

/**
 * Whether an application runs in an environment. Without `spec.environments` it runs everywhere.
 *
 * @public
 */
export function runsIn({ spec }: Application, environment: string): boolean {
  return (
    spec.environments === undefined ||
    Object.hasOwn(spec.environments, environment)
  );
}

function nothing(
  environment: string,
  namespace: string,
  problems: readonly Problem[],
): Compilation {
  return {
    environment,
    namespace,
    manifests: [],
    offThePath: { patches: 0, manifests: 0 },
    problems,
  };
}

function checkPlace(
  application: Application,
  environment: TargetEnvironment,
  namespace: string,
): Problem[] {
  if (!runsIn(application, environment.name)) {
    return [
      problemAt(['spec', 'environments'], {
        code: 'not-in-environment',
        message: `The application does not run in '${environment.name}'.`,
        suggestion: `Add '${environment.name}: {}' below spec.environments.`,
      }),
    ];
  }
  return namespace.length > 63
    ? [
        problemAt(['spec', 'system'], {
          code: 'namespace-too-long',
          message: `The namespace '${namespace}' is longer than 63 letters.`,
          suggestion: 'Choose a shorter name for the system.',
        }),
      ]
    : [];
}

/** The items of a list of the application and of the environment: both count. */
function listed<Key extends 'patches' | 'manifests'>(
  { spec }: Application,
  environment: string,
  key: Key,
): { item: NonNullable<Workload[Key]>[number]; path: FieldPath }[] {
  const own = spec.environments?.[environment];
  const lists = [
    { items: spec[key], path: ['spec', key] },
    { items: own?.[key], path: ['spec', 'environments', environment, key] },
  ];
  return lists.flatMap(({ items, path }) =>
    ((items ?? []) as NonNullable<Workload[Key]>[number][]).map(
      (item, index) => ({ item, path: [...path, index] }),
    ),
  );
}

function checkDuplicates(
  compiled: readonly { readonly object: Manifest }[],
  extra: readonly Manifest[],
): Problem[] {
  const seen = new Set(compiled.map(({ object }) => keyOf(object)));
  return extra.flatMap(object => {
    const key = keyOf(object);
    const duplicate = seen.has(key);
    seen.add(key);
    return duplicate
      ? [
          problemAt(['spec', 'manifests'], {
            code: 'duplicate-manifest',
            message: `There are two of ${object.kind} '${object.metadata.name}'.`,
            suggestion:
              'Change the compiled one with a patch, or rename yours.',
          }),
        ]
      : [];
  });
}

function keyOf({ apiVersion, kind, metadata }: Manifest): string {
  return formatPath([apiVersion.split('/')[0], kind, metadata.name]);
}

function toFileName({ kind, metadata }: Manifest): string {
  return `${kind.toLocaleLowerCase('en-US')}-${metadata.name}`;
}
