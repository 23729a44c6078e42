import { randomText } from './randomId';
import type { TokenRecord, VaultState } from './VaultState';

/** 32 days, as a real server is set when it is new. */
export const DEFAULT_TTL_SECONDS = 768 * 60 * 60;

/**
 * What a new token may do and how long.
 *
 * @internal
 */
export interface TokenOptions {
  readonly namespace: string;
  readonly policies: readonly string[];
  /** Such as `auth/kubernetes/login`. */
  readonly path: string;
  readonly displayName: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The accessor of the token that asked for it, unless it is an orphan. */
  readonly parent?: string;
  readonly id?: string;
  /** Seconds; 0 for the default, or no end at all for `root`. */
  readonly ttl?: number;
  /** Seconds that no renewal exceeds, as told in the token itself. */
  readonly maxTtl?: number;
  /** Seconds that no renewal exceeds, by the role of the login. */
  readonly loginMaxTtl?: number;
  readonly period?: number;
  readonly uses?: number;
  readonly renewable?: boolean;
  readonly wrapping?: TokenRecord['wrapping'];
}

/**
 * The tokens.
 *
 * @internal
 */
export class VaultTokens {
  readonly #state: VaultState;
  readonly #onRevoke: (token: TokenRecord) => void;
  /** Accessors by token id. */
  readonly #ids = new Map<string, string>();

  /** @param onRevoke - Told of each token that ends. */
  constructor(state: VaultState, onRevoke: (token: TokenRecord) => void) {
    this.#state = state;
    this.#onRevoke = onRevoke;
    for (const token of this.all()) {
      this.#ids.set(token.id, token.accessor);
    }
  }

  all(): TokenRecord[] {
    return Object.values(this.#state.data.tokens);
  }

  /** The token with the id, if it is still good. */
  find(id: string): TokenRecord | undefined {
    const accessor = this.#ids.get(id);
    return accessor === undefined ? undefined : this.findByAccessor(accessor);
  }

  findByAccessor(accessor: string): TokenRecord | undefined {
    const { tokens } = this.#state.data;
    const token = Object.hasOwn(tokens, accessor)
      ? tokens[accessor]
      : undefined;
    return token && !isOver(token) ? token : undefined;
  }

  create(options: TokenOptions): TokenRecord {
    const { namespace, policies, path, displayName } = options;
    const isRoot = policies.includes('root');
    const period = options.period ?? 0;
    const explicitMaxTtl = options.maxTtl ?? 0;
    const wanted = period || options.ttl || (isRoot ? 0 : DEFAULT_TTL_SECONDS);
    const maxTtl = options.loginMaxTtl ?? 0;
    const limit =
      explicitMaxTtl || maxTtl || (period ? Infinity : DEFAULT_TTL_SECONDS);
    const ttl = isRoot && !wanted ? 0 : Math.min(wanted, limit);
    const suffix = namespace && `.${this.#state.data.namespaces[namespace].id}`;
    const now = Date.now();
    const token: TokenRecord = {
      id: options.id ?? `s.${randomText(24)}${suffix}`,
      accessor: `${randomText(24)}${suffix}`,
      namespace,
      policies: [...policies],
      path,
      displayName,
      metadata: options.metadata ? { ...options.metadata } : null,
      parent: options.parent,
      createdAt: now,
      expiresAt: ttl ? now + ttl * 1000 : undefined,
      ttl,
      explicitMaxTtl,
      maxTtl,
      period,
      usesLeft: options.uses ?? 0,
      renewable: ttl > 0 && options.renewable !== false,
      wrapping: options.wrapping,
    };
    this.#state.data.tokens[token.accessor] = token;
    this.#ids.set(token.id, token.accessor);
    this.#state.changed();
    return token;
  }

  /** Counts one use of a token that has only so many. The last use is still good; the token then ends. */
  use(token: TokenRecord): void {
    if (token.usesLeft > 0) {
      token.usesLeft -= 1;
      this.#state.changed();
      if (token.usesLeft === 0) {
        // Negative, so that the request under way finds it and the next one does not.
        token.usesLeft = -1;
      }
    }
  }

  /** Ends a token whose last use was the request just answered. */
  endIfUsedUp(token: TokenRecord): void {
    if (token.usesLeft < 0) {
      this.revoke(token.accessor);
    }
  }

  /** Lengthens the life of a token. @returns The new time to live, in seconds. */
  renew(token: TokenRecord, increment = 0): number {
    const now = Date.now();
    const wanted = token.period || increment || token.renewTtl || token.ttl;
    token.renewTtl = wanted;
    const maxTtl =
      token.explicitMaxTtl ||
      token.maxTtl ||
      (token.period ? Infinity : DEFAULT_TTL_SECONDS);
    const limit = token.createdAt + maxTtl * 1000;
    const end = Math.min(now + wanted * 1000, limit);
    token.expiresAt = end;
    token.renewedAt = now;
    this.#state.changed();
    return Math.max(0, Math.round((end - now) / 1000));
  }

  /** Ends a token and those that it made. */
  revoke(accessor: string): void {
    const { tokens } = this.#state.data;
    if (!Object.hasOwn(tokens, accessor)) {
      return;
    }
    const children = this.all().filter(token => token.parent === accessor);
    const token = tokens[accessor];
    delete tokens[accessor];
    this.#ids.delete(token.id);
    this.#state.changed();
    this.#onRevoke(token);
    children.forEach(child => this.revoke(child.accessor));
  }

  /** Ends a token and makes orphans of those that it made. */
  revokeOrphan(accessor: string): void {
    for (const token of this.all()) {
      if (token.parent === accessor) {
        token.parent = undefined;
      }
    }
    this.revoke(accessor);
  }

  /** Ends what is over. */
  sweep(): void {
    this.all()
      .filter(isOver)
      .forEach(token => this.revoke(token.accessor));
  }
}

/** Seconds that a token has left; 0 for one without an end. */
export function ttlOf(token: TokenRecord): number {
  return token.expiresAt === undefined
    ? 0
    : Math.max(0, Math.round((token.expiresAt - Date.now()) / 1000));
}

function isOver(token: TokenRecord): boolean {
  return token.expiresAt !== undefined && token.expiresAt <= Date.now();
}
