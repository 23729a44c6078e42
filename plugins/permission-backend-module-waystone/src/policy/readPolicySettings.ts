import { resolve } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import type { AddedMembers } from './compilePolicy';

/** @internal */
export interface PolicySettings {
  /** Absolute. */
  readonly path: string;
  readonly added: AddedMembers;
}

/**
 * Reads `waystone.permissions`.
 *
 * @throws Error that names the key.
 *
 * @internal
 */
export function readPolicySettings(config: Config): PolicySettings {
  const key = 'waystone.permissions';
  const path = config.getOptionalString(`${key}.policy`);
  const members = config.getOptionalConfig(`${key}.members`);
  return {
    path: path
      ? resolve(path)
      : resolvePackagePath(
          '@waystone/plugin-permission-backend-module-waystone',
          'policy.yaml',
        ),
    added: {
      ...Object.fromEntries(
        (members?.keys() ?? []).map(role => [
          role,
          readRefs(config, `${key}.members.${role}`, ['group', 'user']),
        ]),
      ),
      platform: [
        ...readRefs(config, `${key}.platformGroups`, ['group']),
        ...readRefs(config, `${key}.members.platform`, ['group', 'user']),
      ],
      auditor: [
        ...readRefs(config, `${key}.auditors`, ['user', 'group']),
        ...readRefs(config, `${key}.members.auditor`, ['group', 'user']),
      ],
    },
  };
}

function readRefs(
  config: Config,
  key: string,
  kinds: readonly string[],
): string[] {
  return (config.getOptionalStringArray(key) ?? []).map(ref => {
    const [kind, rest] = ref.toLocaleLowerCase('en-US').split(':', 2);
    if (!kinds.includes(kind) || !/^[^/\s]+\/[^/\s]+$/.test(rest ?? '')) {
      throw new Error(
        `Invalid config '${key}': expected full entity refs such as '${kinds[0]}:default/name', got '${ref}'`,
      );
    }
    return `${kind}:${rest}`;
  });
}
