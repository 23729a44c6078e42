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
  /** Users and groups that can help who lacks a permission. */
  helpersFor(permission: Permission): readonly string[];
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
    helpersFor: permission => {
      const named = helpersOf(document, permission.name).flatMap(helper => {
        const role = roles.find(({ name }) => name === helper);
        return role ? [...(role.members ?? [])] : [helper];
      });
      return named.length > 0
        ? named
        : roles
            .filter(role =>
              role
                .clausesFor(permission)
                .some(
                  ({ environments, verdict }) =>
                    verdict === 'allow' && !environments,
                ),
            )
            .flatMap(({ members = [] }) => [...members]);
    },
    roleOf: refs =>
      roles.find(
        ({ members }) =>
          !members ||
          refs.some(ref => members.has(ref.toLocaleLowerCase('en-US'))),
      ),
  };
}

/** What the policy names for a permission: the longest that fits. */
function helpersOf(
  { ask }: PolicyDocument,
  permission: string,
): readonly string[] {
  const [best] = Object.keys(ask)
    .filter(pattern =>
      pattern.endsWith('*')
        ? permission.startsWith(pattern.slice(0, -1))
        : permission === pattern,
    )
    .sort((a, b) => b.length - a.length);
  return best === undefined ? [] : ask[best];
}
