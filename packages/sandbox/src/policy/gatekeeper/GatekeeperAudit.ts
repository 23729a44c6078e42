import { timestamp } from '../../kubernetes/controllers/conditions';
import { refTo } from '../../kubernetes/controllers/objectKey';
import { canonical } from '../../kubernetes/controllers/templateHash';
import type {
  ClusterEvent,
  KubernetesCluster,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import type { ConstraintIndex, Violation } from './ConstraintIndex';
import { groupOf, matchesKind } from './matchesConstraint';

/** How many violations a constraint's status lists; `--constraint-violations-limit`. */
const MOST_LISTED = 20;

/** Kinds that constraints are about, in the versions that are audited. */
const AUDITED: readonly TypeRef[] = [
  ...[
    'Pod',
    'Namespace',
    'Service',
    'ServiceAccount',
    'ConfigMap',
    'PersistentVolumeClaim',
  ].map(kind => ({ apiVersion: 'v1', kind })),
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map(kind => ({
    apiVersion: 'apps/v1',
    kind,
  })),
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
];

/**
 * Gatekeeper's audit: checks what is there by all constraints and writes the results into their status.
 *
 * @internal
 */
export class GatekeeperAudit {
  readonly #cluster: KubernetesCluster;
  readonly #index: ConstraintIndex;
  #results: ReadonlyMap<string, readonly Violation[]> | undefined;

  constructor(cluster: KubernetesCluster, index: ConstraintIndex) {
    this.#cluster = cluster;
    this.#index = index;
  }

  /** Forgets what was found; something has changed since. */
  invalidate(): void {
    this.#results = undefined;
  }

  /** Whether a change can change what the audit finds. */
  static concerns({ object, previous }: ClusterEvent): boolean {
    const same =
      previous !== undefined &&
      previous.metadata.generation === object.metadata.generation &&
      canonical(previous.metadata.labels) === canonical(object.metadata.labels);
    if (same) {
      return false;
    }
    return (
      groupOf(object) === 'constraints.gatekeeper.sh' ||
      object.kind === 'ExpansionTemplate' ||
      AUDITED.some(
        ({ apiVersion, kind }) =>
          object.kind === kind && object.apiVersion === apiVersion,
      )
    );
  }

  /** Replaces the results in the status of every constraint. */
  run(): void {
    this.#results ??= this.#collect();
    const time = timestamp();
    for (const constraint of this.#index.constraints) {
      const ref = refTo(constraint);
      if (this.#cluster.get(ref)) {
        const violations = this.#results.get(constraint.metadata.uid!) ?? [];
        this.#cluster.patch(
          ref,
          {
            status: {
              auditTimestamp: time,
              totalViolations: violations.length,
              // Without violations there is no such key.
              violations:
                violations.length > 0
                  ? violations.slice(0, MOST_LISTED).map(toStatus)
                  : null,
            },
          },
          { subresource: 'status', fieldManager: 'gatekeeper' },
        );
      }
    }
  }

  #collect(): ReadonlyMap<string, readonly Violation[]> {
    const results = new Map<string, Violation[]>();
    for (const type of AUDITED) {
      if (!this.#isWanted(type) || !this.#cluster.serves(type)) {
        continue;
      }
      for (const object of this.#cluster.list(type)) {
        for (const violation of this.#index.review({
          object,
          operation: 'AUDIT',
        })) {
          const uid = violation.constraint.metadata.uid!;
          results.set(uid, [...(results.get(uid) ?? []), violation]);
        }
      }
    }
    return results;
  }

  #isWanted(type: TypeRef): boolean {
    const group = groupOf(type);
    return (
      this.#index.constraints.some(({ spec }) =>
        matchesKind(spec?.match ?? {}, group, type.kind),
      ) ||
      this.#index.expansions.some(({ spec }) =>
        ((spec.applyTo ?? []) as { groups: string[]; kinds: string[] }[]).some(
          ({ groups, kinds }) =>
            groups.includes(group) && kinds.includes(type.kind),
        ),
      )
    );
  }
}

function toStatus({ object, message, action, constraint }: Violation) {
  const { apiVersion, kind, metadata } = object;
  return {
    enforcementAction: constraint.spec?.enforcementAction ?? action,
    group: groupOf(object),
    kind,
    message,
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
  };
}
