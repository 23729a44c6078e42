import { VaultError } from './VaultError';
import type { LeaseRecord, TokenRecord } from './VaultState';

/** What is done to a path, in the words of the policies. */
export type VaultOperation = 'read' | 'update' | 'list' | 'delete' | 'patch';

/**
 * One request, as the backend behind a mount gets it.
 *
 * @internal
 */
export interface BackendRequest {
  readonly operation: VaultOperation;
  /** Below the mount, without a slash at the front. */
  readonly path: string;
  /** The path of the mount, with a slash at the end. */
  readonly mountPath: string;
  /** The namespace, empty or with a slash at the end. */
  readonly namespace: string;
  /** The body's fields and the query's parameters. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Undefined only where no token is needed. */
  readonly token?: TokenRecord;
}

/**
 * What a login or the making of a token grants.
 *
 * @internal
 */
export interface AuthGrant {
  readonly token: TokenRecord;
}

/**
 * A secret that ends.
 *
 * @internal
 */
export interface LeaseGrant {
  readonly ttl: number;
  readonly maxTtl: number;
  readonly renewable: boolean;
  /** What the backend needs to renew and to revoke it. */
  readonly internal: Record<string, unknown>;
}

/**
 * What a backend answers; nothing at all is 404 for a read and 204 for a write.
 *
 * @internal
 */
export interface BackendAnswer {
  readonly data?: Record<string, unknown>;
  readonly auth?: AuthGrant;
  readonly lease?: LeaseGrant;
  /** An existing lease that was renewed. */
  readonly renewed?: LeaseRecord;
  readonly warnings?: readonly string[];
  /** Other than 200 or 204, such as the 404 of a deleted version, which has a body. */
  readonly status?: number;
  /** The body as it is, in place of the usual envelope. */
  readonly raw?: unknown;
  /** Answers without a body. */
  readonly empty?: boolean;
  /** Wraps the raw body for so many seconds, whatever was asked. */
  readonly wrap?: { readonly path: string; readonly ttl: number };
}

export type BackendResult =
  | BackendAnswer
  | undefined
  | Promise<BackendAnswer | undefined>;

/** Answers one operation on the paths of one pattern. */
export type BackendHandler = (
  request: BackendRequest,
  ...parts: string[]
) => BackendResult;

/**
 * The paths of one pattern and what can be done with them.
 *
 * @internal
 */
export interface BackendRoute {
  /** Matched against the whole path below the mount. */
  readonly pattern: RegExp;
  readonly operations: Partial<Record<VaultOperation, BackendHandler>>;
  /** Whether it answers without a token, as a login does. */
  readonly unauthenticated?: boolean;
  /** Whether the policy must grant `sudo` too. */
  readonly sudo?: boolean;
  /** Whether there is something at the path: a write then needs `update`, otherwise `create`. */
  exists?(request: BackendRequest, ...parts: string[]): boolean;
}

/**
 * A secrets engine, an auth method or the system itself, behind one mount.
 *
 * @internal
 */
export interface VaultBackend {
  readonly routes: readonly BackendRoute[];
  /** Extends what a lease grants; returns the new time to live in seconds. */
  renewLease?(lease: LeaseRecord, increment: number): Promise<number>;
  /** Takes back what a lease grants. */
  revokeLease?(lease: LeaseRecord): Promise<void>;
  /** Ends work in the background. */
  close?(): Promise<void>;
}

/**
 * The route of a path.
 *
 * @internal
 */
export interface MatchedRoute {
  readonly route: BackendRoute;
  readonly parts: string[];
}

/** Finds the route of a path below a mount. */
export function findRoute(
  backend: VaultBackend,
  path: string,
): MatchedRoute | undefined {
  for (const route of backend.routes) {
    const match = route.pattern.exec(path);
    if (match) {
      return { route, parts: match.slice(1).map(part => part ?? '') };
    }
  }
  return undefined;
}

/** Answers a request with the route that was found for it. */
export async function callRoute(
  { route, parts }: MatchedRoute,
  request: BackendRequest,
): Promise<BackendAnswer | undefined> {
  const handler = route.operations[request.operation];
  if (!handler) {
    throw new VaultError(
      405,
      '1 error occurred:\n\t* unsupported operation\n\n',
    );
  }
  return handler(request, ...parts);
}

/** The answer of a list; an empty one is 404, as everywhere in Vault. */
export function answerKeys(
  keys: readonly string[],
  info?: Record<string, unknown>,
): BackendAnswer | undefined {
  return keys.length === 0
    ? undefined
    : { data: { keys, ...(info && { key_info: info }) } };
}
