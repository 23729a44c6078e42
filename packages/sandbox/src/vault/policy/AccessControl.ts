import type { Capability, PolicyRule } from './parsePolicy';

/**
 * What a set of policies grants.
 *
 * @remarks
 * The rules of the real server: an exact path wins; otherwise the most specific pattern wins alone; rules with the same
 * path add up, and `deny` takes everything back.
 *
 * @internal
 */
export class AccessControl {
  readonly #rules = new Map<string, Set<Capability>>();
  readonly #isRoot: boolean;

  /** @param rules - Of all the policies, their paths as seen from the root namespace. */
  constructor(rules: readonly PolicyRule[], isRoot: boolean) {
    this.#isRoot = isRoot;
    for (const { path, capabilities } of rules) {
      const known = this.#rules.get(path) ?? new Set();
      capabilities.forEach(capability => known.add(capability));
      this.#rules.set(path, known);
    }
  }

  /** What may be done with a path; `['deny']` for nothing. */
  capabilities(path: string, isList = false): readonly Capability[] {
    if (this.#isRoot) {
      return ['root' as Capability];
    }
    const found = this.#find(path, isList);
    if (!found || found.size === 0 || found.has('deny')) {
      return ['deny'];
    }
    return [...found].sort();
  }

  /** Whether it may be done. */
  allows(path: string, capability: Capability): boolean {
    if (this.#isRoot) {
      return true;
    }
    const found = this.#find(path, capability === 'list');
    return Boolean(found && !found.has('deny') && found.has(capability));
  }

  /** Whether anything may be done with something below a mount. */
  reaches(mountPath: string): boolean {
    if (this.#isRoot) {
      return true;
    }
    for (const [pattern, capabilities] of this.#rules) {
      const fixed = pattern.split(/[+*]/)[0];
      if (
        !capabilities.has('deny') &&
        capabilities.size > 0 &&
        (fixed.startsWith(mountPath) || mountPath.startsWith(fixed)) &&
        (fixed.length >= mountPath.length || /[+*]/.test(pattern))
      ) {
        return true;
      }
    }
    return false;
  }

  #find(path: string, isList: boolean): Set<Capability> | undefined {
    const exact =
      this.#rules.get(path) ??
      (isList && path.endsWith('/')
        ? this.#rules.get(path.slice(0, -1))
        : undefined);
    if (exact) {
      return exact;
    }
    const patterns = [...this.#rules.keys()].filter(
      pattern =>
        /[+*]/.test(pattern) &&
        (matches(pattern, path) ||
          (isList &&
            path.endsWith('/') &&
            matches(pattern, path.slice(0, -1)))),
    );
    const best = patterns.sort(bySpecificity)[0];
    return best === undefined ? undefined : this.#rules.get(best);
  }
}

function matches(pattern: string, path: string): boolean {
  const isPrefix = pattern.endsWith('*');
  const parts = (isPrefix ? pattern.slice(0, -1) : pattern).split('/');
  const segments = path.split('/');
  if (
    isPrefix ? segments.length < parts.length : segments.length !== parts.length
  ) {
    return false;
  }
  return parts.every((part, index) => {
    if (part === '+') {
      return true;
    }
    return isPrefix && index === parts.length - 1
      ? segments[index].startsWith(part)
      : segments[index] === part;
  });
}

/** The most specific first. */
function bySpecificity(left: string, right: string): number {
  return (
    firstWildcard(right) - firstWildcard(left) ||
    Number(left.endsWith('*')) - Number(right.endsWith('*')) ||
    countPlus(left) - countPlus(right) ||
    right.length - left.length ||
    (left < right ? 1 : -1)
  );
}

function firstWildcard(pattern: string): number {
  return pattern.search(/[+*]/);
}

function countPlus(pattern: string): number {
  return pattern.split('/').filter(part => part === '+').length;
}
