import type { Permission } from '@backstage/plugin-permission-common';
import type { Clause, PolicyDocument } from './policyDocument';

/** A role, ready to decide. @internal */
export interface CompiledRole {
  readonly name: string;
  readonly description?: string;
  /** Undefined: everybody. */
  readonly members?: ReadonlySet<string>;
  /** What holds for a permission: one clause is enough. */
  clausesFor(permission: Permission): readonly Clause[];
}

/** A policy, ready to decide. @internal */
export interface CompiledPolicy {
  readonly roles: readonly CompiledRole[];
  /** The permissions that any role lists. */
  readonly names: readonly string[];
  /** The first role of somebody with these ownership refs, if there is one. */
  roleOf(ownershipEntityRefs: readonly string[]): CompiledRole | undefined;
}

/** Who has a role beside those whom the policy names: entity refs, by the name of the role. @internal */
export type AddedMembers = Readonly<Record<string, readonly string[]>>;

/**
 * Makes a policy ready to decide.
 *
 * @throws Error if there is no such role as somebody is to be added to.
 *
 * @internal
 */
export function compilePolicy(
  document: PolicyDocument,
  added: AddedMembers,
): CompiledPolicy {
  for (const [role, members] of Object.entries(added)) {
    const found = document.roles.find(({ name }) => name === role);
    if (!found && members.length > 0) {
      throw new Error(
        `The configuration gives somebody the role '${role}', which the permission policy does not have`,
      );
    }
  }
  const roles = document.roles.map((role): CompiledRole => {
    const base = document.roles.find(({ name }) => name === role.extends);
    const rules = new Map(
      Object.entries({ ...base?.permissions, ...role.permissions }),
    );
    const reads = role.reads ?? base?.reads ?? 'deny';
    const others = role.others ?? base?.others ?? 'deny';
    return {
      name: role.name,
      description: role.description,
      members:
        role.members === 'everybody'
          ? undefined
          : new Set([...role.members, ...(added[role.name] ?? [])]),
      clausesFor: ({ attributes, name }) =>
        rules.get(name) ?? [
          { verdict: attributes.action === 'read' ? reads : others },
        ],
    };
  });
  return {
    roles,
    names: [
      ...new Set(
        document.roles.flatMap(({ permissions }) => Object.keys(permissions)),
      ),
    ],
    roleOf: refs =>
      roles.find(
        ({ members }) =>
          !members ||
          refs.some(ref => members.has(ref.toLocaleLowerCase('en-US'))),
      ),
  };
}
