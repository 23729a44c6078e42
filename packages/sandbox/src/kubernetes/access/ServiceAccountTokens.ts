import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { ClusterUser, KubernetesObject } from '../KubernetesCluster';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const DEFAULT_SECONDS = 3_600;

/** What a token says. */
export interface ServiceAccountClaims {
  readonly user: ClusterUser;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly tokenId: string;
}

/**
 * Makes and reads tokens of service accounts: JSON Web Tokens with the claims of real ones.
 *
 * @remarks
 * Signed with HMAC instead of RSA: only the sandbox itself checks them.
 *
 * @internal
 */
export class ServiceAccountTokens {
  readonly #key: string;

  /** @param key - the secret that signs; the same in every start */
  constructor(key: string) {
    this.#key = key;
  }

  issue(
    account: KubernetesObject,
    options: {
      readonly audiences?: readonly string[];
      readonly expirationSeconds?: number;
    },
  ): { readonly token: string; readonly expires: Date } {
    const seconds = options.expirationSeconds ?? DEFAULT_SECONDS;
    const issued = Math.floor(Date.now() / 1_000);
    const { namespace, name, uid } = account.metadata;
    const claims = {
      aud: options.audiences?.length ? options.audiences : [ISSUER],
      exp: issued + seconds,
      iat: issued,
      iss: ISSUER,
      jti: randomUUID(),
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      nbf: issued,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return {
      token: `${content}.${this.#sign(content)}`,
      expires: new Date(claims.exp * 1_000),
    };
  }

  /** What a token says, or undefined if it is none of ours or too old. */
  read(token: string): ServiceAccountClaims | undefined {
    const [header, body, signature, ...rest] = token.split('.');
    if (!body || !signature || rest.length > 0) {
      return undefined;
    }
    const expected = Buffer.from(this.#sign(`${header}.${body}`));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      return undefined;
    }
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    if (claims.exp * 1_000 <= Date.now()) {
      return undefined;
    }
    const { namespace, serviceaccount } = claims['kubernetes.io'];
    return {
      namespace,
      name: serviceaccount.name,
      uid: serviceaccount.uid,
      audiences: claims.aud,
      tokenId: claims.jti,
      user: serviceAccountUser(
        namespace,
        serviceaccount.name,
        serviceaccount.uid,
      ),
    };
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#key).update(content).digest('base64url');
  }
}

/** The user that a service account is. */
export function serviceAccountUser(
  namespace: string,
  name: string,
  uid?: string,
): ClusterUser {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
    ...(uid !== undefined && { uid }),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
