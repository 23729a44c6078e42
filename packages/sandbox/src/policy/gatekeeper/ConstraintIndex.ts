import type {
  KubernetesCluster,
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import { CONSTRAINT_RULES } from './constraintRules';
import { groupOf, matchesConstraint } from './matchesConstraint';
import type { ConstraintMatch } from './matchesConstraint';
import type { Review } from './Review';

/** What an object breaks. @internal */
export interface Violation {
  readonly constraint: KubernetesObject;
  /** The object as it was written, not what was expanded from it. */
  readonly object: KubernetesObject;
  readonly action: string;
  readonly message: string;
}

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };
/** Namespaces with this label are none of Gatekeeper's business. */
const IGNORE_LABEL = 'admission.gatekeeper.sh/ignore';

/**
 * The constraints and expansions of a cluster, and what objects break of them.
 *
 * @internal
 */
export class ConstraintIndex {
  readonly #cluster: KubernetesCluster;
  readonly #constraints = new Map<string, KubernetesObject>();
  readonly #expansions = new Map<string, KubernetesObject>();

  constructor(cluster: KubernetesCluster) {
    this.#cluster = cluster;
  }

  get constraints(): readonly KubernetesObject[] {
    return [...this.#constraints.values()];
  }

  get expansions(): readonly KubernetesObject[] {
    return [...this.#expansions.values()];
  }

  setConstraint(constraint: KubernetesObject): void {
    this.#constraints.set(keyOf(constraint), constraint);
  }

  removeConstraint(constraint: KubernetesObject): void {
    this.#constraints.delete(keyOf(constraint));
  }

  setExpansion(expansion: KubernetesObject): void {
    this.#expansions.set(keyOf(expansion), expansion);
  }

  removeExpansion(expansion: KubernetesObject): void {
    this.#expansions.delete(keyOf(expansion));
  }

  /** What an object breaks, and what the objects would break that it leads to. */
  review(review: Review): Violation[] {
    const { object, operation } = review;
    const namespace = this.#namespaceOf(object);
    if (
      this.#constraints.size === 0 ||
      namespace?.metadata.labels?.[IGNORE_LABEL] !== undefined
    ) {
      return [];
    }
    const own = this.#check(review, object, namespace, '');
    const implied = this.#expand(object).flatMap(
      ({ name, resultant, action }) =>
        this.#check(
          // The pods of a changed workload are new ones.
          {
            object: resultant,
            operation: operation === 'UPDATE' ? 'CREATE' : operation,
          },
          object,
          namespace,
          `[Implied by ${name}] `,
          action,
        ),
    );
    return [...own, ...implied];
  }

  #check(
    { object, operation }: Review,
    original: KubernetesObject,
    namespace: KubernetesObject | undefined,
    prefix: string,
    expansionAction?: string,
  ): Violation[] {
    const neighbours = (type: TypeRef) =>
      this.#cluster.serves(type)
        ? this.#cluster.list(type, {
            namespace: original.metadata.namespace,
          })
        : [];
    return this.constraints.flatMap(constraint => {
      const rule = CONSTRAINT_RULES[constraint.kind];
      const match: ConstraintMatch = constraint.spec?.match ?? {};
      if (!rule || !matchesConstraint(match, object, namespace)) {
        return [];
      }
      const action =
        expansionAction ?? constraint.spec?.enforcementAction ?? 'deny';
      return rule(
        { object, operation, neighbours },
        constraint.spec?.parameters ?? {},
      ).map(message => ({
        constraint,
        object: original,
        action,
        message: `${prefix}${message}`,
      }));
    });
  }

  #expand(
    object: KubernetesObject,
  ): { name: string; resultant: KubernetesObject; action?: string }[] {
    return this.expansions
      .filter(({ spec }) =>
        ((spec.applyTo ?? []) as { groups: string[]; kinds: string[] }[]).some(
          ({ groups, kinds }) =>
            groups.includes(groupOf(object)) && kinds.includes(object.kind),
        ),
      )
      .flatMap(({ metadata, spec }) => {
        const template = (spec.templateSource as string)
          .split('.')
          .reduce<any>((value, field) => value?.[field], object);
        const { group, version, kind } = spec.generatedGVK;
        return template
          ? [
              {
                name: metadata.name!,
                action: spec.enforcementAction as string | undefined,
                resultant: {
                  ...template,
                  apiVersion: group ? `${group}/${version}` : version,
                  kind,
                  metadata: {
                    ...template.metadata,
                    name: `${object.metadata.name}-${String(
                      kind,
                    ).toLowerCase()}`,
                    namespace: object.metadata.namespace,
                  },
                } as KubernetesObject,
              },
            ]
          : [];
      });
  }

  #namespaceOf({ metadata }: KubernetesObject): KubernetesObject | undefined {
    return metadata.namespace
      ? this.#cluster.get({ ...NAMESPACE, name: metadata.namespace })
      : undefined;
  }
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}
