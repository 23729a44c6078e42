import type { Permission } from '@backstage/plugin-permission-common';
import type { CompiledPolicy } from './compilePolicy';
import type { Clause } from './policyDocument';

/** What the policy says of a permission, for people. @internal */
export interface Explanation {
  readonly permission: string;
  /** The role of who asks. */
  readonly role?: string;
  /** What holds for it. */
  readonly clauses: readonly Clause[];
  /** Users and groups that can help: those that the policy names, or else who has it anyway. */
  readonly askWhom: readonly string[];
  /** Each role, and what holds for it. */
  readonly roles: readonly {
    readonly name: string;
    readonly description?: string;
    readonly clauses: readonly Clause[];
  }[];
}

/**
 * Says who may use a permission under which conditions, and whom to ask for what it allows.
 *
 * @internal
 */
export function explainPermission(
  policy: CompiledPolicy,
  permission: Permission,
  ownershipEntityRefs: readonly string[],
): Explanation {
  const role = policy.roleOf(ownershipEntityRefs);
  return {
    permission: permission.name,
    ...(role && { role: role.name }),
    clauses: role?.clausesFor(permission) ?? [{ verdict: 'deny' }],
    askWhom: [...new Set(policy.helpersFor(permission))],
    roles: policy.roles.map(each => ({
      name: each.name,
      ...(each.description && { description: each.description }),
      clauses: each.clausesFor(permission),
    })),
  };
}
