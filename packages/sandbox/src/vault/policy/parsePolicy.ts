import { VaultError } from '../VaultError';
import { parseHcl } from './parseHcl';
import type { HclValue } from './parseHcl';

/** What a policy can grant for a path. */
export const CAPABILITIES = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'scan',
  'sudo',
  'deny',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** What is granted for the paths that a pattern matches. */
export interface PolicyRule {
  /** With `+` for one segment and `*` at the end for anything. */
  readonly path: string;
  readonly capabilities: readonly Capability[];
}

const OLD_WORDS: Readonly<Record<string, readonly Capability[]>> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'delete', 'list'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'sudo'],
};

const KNOWN_KEYS = [
  'capabilities',
  'policy',
  'comment',
  'allowed_parameters',
  'denied_parameters',
  'required_parameters',
  'min_wrapping_ttl',
  'max_wrapping_ttl',
  'pagination_limit',
  'expiration',
  'list_scan_response_keys_filter_path',
];

/**
 * Reads a policy, written in HCL or JSON.
 *
 * @throws VaultError 400 for what the real server refuses as well.
 */
export function parsePolicy(text: string): PolicyRule[] {
  let entries;
  try {
    entries = parseHcl(text);
  } catch (error) {
    throw new VaultError(
      400,
      `failed to parse policy: ${(error as Error).message}`,
    );
  }
  const rules: PolicyRule[] = [];
  for (const { keys, value } of entries) {
    if (keys[0] === 'name' || keys[0] === 'description') {
      continue;
    }
    if (keys[0] !== 'path') {
      throw new VaultError(
        400,
        `failed to parse policy: 1 error occurred:\n\t* invalid key "${keys[0]}"\n\n`,
      );
    }
    if (keys.length === 2) {
      rules.push(readRule(keys[1], value));
      continue;
    }
    for (const group of Array.isArray(value) ? value : [value]) {
      if (!isObject(group)) {
        throw new VaultError(400, 'failed to parse policy: path has no block');
      }
      for (const [path, body] of Object.entries(group)) {
        rules.push(readRule(path, body));
      }
    }
  }
  return rules;
}

function readRule(path: string, value: HclValue): PolicyRule {
  const refuse = (what: string) =>
    new VaultError(400, `failed to parse policy: path "${path}": ${what}`);
  const body = Array.isArray(value) ? value[0] : value;
  if (!isObject(body)) {
    throw refuse('expected a block');
  }
  const unknown = Object.keys(body).find(key => !KNOWN_KEYS.includes(key));
  if (unknown) {
    throw refuse(`invalid key "${unknown}"`);
  }
  if (path.includes('+*')) {
    throw refuse('invalid use of wildcards ("+*" is forbidden)');
  }
  const { policy, capabilities } = body;
  if (typeof policy === 'string') {
    if (!Object.hasOwn(OLD_WORDS, policy)) {
      throw refuse(`invalid policy "${policy}"`);
    }
    return { path: trimSlash(path), capabilities: OLD_WORDS[policy] };
  }
  const listed = Array.isArray(capabilities) ? capabilities : [];
  for (const capability of listed) {
    if (!CAPABILITIES.includes(capability as Capability)) {
      throw refuse(`invalid capability "${String(capability)}"`);
    }
  }
  return { path: trimSlash(path), capabilities: listed as Capability[] };
}

function isObject(value: HclValue): value is { [key: string]: HclValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function trimSlash(path: string): string {
  return path.startsWith('/') ? path.slice(1) : path;
}
