import type { Config } from '@backstage/config';

/**
 * What somebody is, as far as permissions are concerned.
 *
 * @public
 */
export type Role = 'platform' | 'auditor' | 'member';

/**
 * Who has a role other than `member`: entity refs of groups and users.
 *
 * @public
 */
export interface RoleSettings {
  platformGroups: Set<string>;
  auditors: Set<string>;
}

/**
 * Reads `waystone.permissions`.
 *
 * @internal
 */
export function readRoleSettings(config: Config): RoleSettings {
  const read = (key: string, kinds: string[]) => {
    const path = `waystone.permissions.${key}`;
    return new Set(
      (config.getOptionalStringArray(path) ?? []).map(ref => {
        const [kind, rest] = ref.toLowerCase().split(':', 2);
        if (!kinds.includes(kind) || !/^[^/\s]+\/[^/\s]+$/.test(rest ?? '')) {
          throw new Error(
            `Invalid config '${path}': expected full entity refs such as '${kinds[0]}:default/name', got '${ref}'`,
          );
        }
        return `${kind}:${rest}`;
      }),
    );
  };
  return {
    platformGroups: read('platformGroups', ['group']),
    auditors: read('auditors', ['user', 'group']),
  };
}

/**
 * The role of somebody with the given ownership refs.
 *
 * Auditors come first: who is meant to look on from outside changes nothing, even
 * as a member of the platform team.
 *
 * @internal
 */
export function roleOf(
  settings: RoleSettings,
  ownershipEntityRefs: string[],
): Role {
  const refs = ownershipEntityRefs.map(ref => ref.toLowerCase());
  if (refs.some(ref => settings.auditors.has(ref))) {
    return 'auditor';
  }
  if (refs.some(ref => settings.platformGroups.has(ref))) {
    return 'platform';
  }
  return 'member';
}
