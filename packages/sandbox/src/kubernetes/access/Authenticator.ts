import { timingSafeEqual, createHash } from 'node:crypto';
import type { ClusterUser } from '../KubernetesCluster';
import type { ObjectStore } from '../store/ObjectStore';
import { serviceAccountUser } from './ServiceAccountTokens';
import type {
  ServiceAccountClaims,
  ServiceAccountTokens,
} from './ServiceAccountTokens';

/** Where the portal's own account is. */
export const PORTAL_ACCOUNT = {
  namespace: 'waystone',
  name: 'portal',
} as const;

/**
 * Tells whose a bearer token is.
 *
 * @internal
 */
export class Authenticator {
  readonly #store: ObjectStore;
  readonly #tokens: ServiceAccountTokens;
  readonly #fixed: readonly { hash: Buffer; user: ClusterUser }[];

  constructor(options: {
    readonly store: ObjectStore;
    readonly tokens: ServiceAccountTokens;
    readonly portalToken: string;
    readonly adminToken: string;
  }) {
    this.#store = options.store;
    this.#tokens = options.tokens;
    this.#fixed = [
      {
        hash: hashOf(options.portalToken),
        user: serviceAccountUser(PORTAL_ACCOUNT.namespace, PORTAL_ACCOUNT.name),
      },
      {
        hash: hashOf(options.adminToken),
        user: {
          name: 'kubernetes-admin',
          groups: ['system:masters', 'system:authenticated'],
        },
      },
    ];
  }

  /** The user of a token, or undefined if it is nobody's. */
  findUser(token: string): ClusterUser | undefined {
    const hash = hashOf(token);
    const fixed = this.#fixed.find(entry => timingSafeEqual(entry.hash, hash));
    return fixed?.user ?? this.findClaims(token)?.user;
  }

  /** What a service account's token says, if its account still exists. */
  findClaims(token: string): ServiceAccountClaims | undefined {
    const claims = this.#tokens.read(token);
    if (!claims) {
      return undefined;
    }
    const account = this.#store
      .table('/ServiceAccount')
      .get(`${claims.namespace}/${claims.name}`);
    return account?.metadata.uid === claims.uid ? claims : undefined;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
