import type { ClusterUser, KubernetesObject } from '../KubernetesCluster';
import { matchesLabelSelector } from '../resources/selectors';
import type { ObjectStore } from '../store/ObjectStore';

/** What somebody wants to do. @internal */
export interface AccessAttributes {
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** For requests that are about no resource, such as `/version`. */
  readonly path?: string;
}

/** @internal */
export interface AccessDecision {
  readonly allowed: boolean;
  /** Why it is allowed. */
  readonly reason: string;
  /** What is wrong with the roles of the user. */
  readonly evaluationErrors: readonly string[];
}

/** A rule of a role. @internal */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly description: string;
}

/**
 * Decides by the Role and Binding objects of the cluster, as RBAC does.
 *
 * @internal
 */
export class Authorizer {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  decide(user: ClusterUser, attributes: AccessAttributes): AccessDecision {
    if (user.groups.includes('system:masters')) {
      return { allowed: true, reason: '', evaluationErrors: [] };
    }
    const { grants, errors } = this.#grants(user, attributes.namespace);
    const grant = grants.find(({ rules }) =>
      rules.some(rule => allows(rule, attributes)),
    );
    return {
      allowed: grant !== undefined,
      reason: grant ? `RBAC: allowed by ${grant.description}` : '',
      evaluationErrors: errors,
    };
  }

  /** All rules that hold for a user in a namespace. */
  rulesOf(user: ClusterUser, namespace: string): readonly PolicyRule[] {
    const rules = this.#grants(user, namespace).grants.flatMap(
      grant => grant.rules,
    );
    return user.groups.includes('system:masters')
      ? [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
          { verbs: ['*'], nonResourceURLs: ['*'] },
          ...rules,
        ]
      : rules;
  }

  #grants(
    user: ClusterUser,
    namespace: string | undefined,
  ): { grants: readonly Grant[]; errors: readonly string[] } {
    const grants: Grant[] = [];
    const errors: string[] = [];
    const bindings = [
      ...this.#table('ClusterRoleBinding').values(),
      ...(namespace ? this.#bindingsIn(namespace) : []),
    ];
    for (const binding of bindings) {
      const subject = (binding.subjects ?? []).find((candidate: Subject) =>
        isSubject(candidate, user, binding.metadata.namespace),
      );
      if (subject) {
        const role = this.#findRole(binding);
        if (role) {
          grants.push({
            rules: this.#rulesOfRole(role),
            description: describe(binding, subject),
          });
        } else {
          errors.push(
            `${binding.roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io "${
              binding.roleRef.name
            }" not found`,
          );
        }
      }
    }
    return { grants, errors };
  }

  #bindingsIn(namespace: string): readonly KubernetesObject[] {
    const table = this.#table('RoleBinding');
    const { start, end } = table.range(`${namespace}/`);
    return table
      .keys()
      .slice(start, end)
      .map(key => table.get(key)!);
  }

  #findRole(binding: KubernetesObject): KubernetesObject | undefined {
    const { kind, name } = binding.roleRef;
    return kind === 'ClusterRole'
      ? this.#table('ClusterRole').get(name)
      : this.#table('Role').get(`${binding.metadata.namespace}/${name}`);
  }

  #rulesOfRole(role: KubernetesObject): readonly PolicyRule[] {
    const selectors = role.aggregationRule?.clusterRoleSelectors;
    if (!selectors) {
      return role.rules ?? [];
    }
    return [...this.#table('ClusterRole').values()]
      .filter(candidate =>
        selectors.some((selector: object) =>
          matchesLabelSelector(selector, candidate.metadata.labels),
        ),
      )
      .flatMap(candidate => candidate.rules ?? []);
  }

  #table(kind: string) {
    return this.#store.table(`rbac.authorization.k8s.io/${kind}`);
  }
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function isSubject(
  subject: Subject,
  user: ClusterUser,
  bindingNamespace: string | undefined,
): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    default:
      return (
        user.name ===
        `system:serviceaccount:${subject.namespace ?? bindingNamespace}:${
          subject.name
        }`
      );
  }
}

function allows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) {
    return false;
  }
  if (attributes.path !== undefined) {
    return (rule.nonResourceURLs ?? []).some(
      pattern =>
        pattern === '*' ||
        pattern === attributes.path ||
        (pattern.endsWith('*') &&
          attributes.path!.startsWith(pattern.slice(0, -1))),
    );
  }
  const resource = attributes.subresource
    ? `${attributes.resource}/${attributes.subresource}`
    : attributes.resource ?? '';
  return (
    includes(rule.apiGroups, attributes.group ?? '') &&
    (includes(rule.resources, resource) ||
      (attributes.subresource !== undefined &&
        (rule.resources ?? []).includes(`*/${attributes.subresource}`))) &&
    (!rule.resourceNames?.length ||
      rule.resourceNames.includes(attributes.name ?? ''))
  );
}

function includes(
  values: readonly string[] | undefined,
  value: string,
): boolean {
  return Boolean(values?.includes('*') || values?.includes(value));
}

function describe(binding: KubernetesObject, subject: Subject): string {
  const { namespace, name } = binding.metadata;
  const bindingName = namespace ? `${name}/${namespace}` : name;
  const subjectName =
    subject.kind === 'ServiceAccount'
      ? `${subject.name}/${subject.namespace ?? namespace}`
      : subject.name;
  return `${binding.kind} "${bindingName}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subject.kind} "${subjectName}"`;
}
