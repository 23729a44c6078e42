import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, KeyLike } from 'jose';
import { z } from 'zod';
import { readList, readObject, readText, readTextMap } from '../fields';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest, VaultError } from '../VaultError';
import type { VaultTokens } from '../VaultTokens';
import {
  describeTokenSettings,
  grantToken,
  readTokenSettings,
  tokenSettingsSchema,
} from './tokenSettings';

const FETCH_MILLISECONDS = 5000;
const CLOCK_TOLERANCE_SECONDS = 60;

const UNKNOWN_KEY =
  'error verifying token signature: no known key successfully validated the token signature';

const roleSchema = z.object({
  userClaim: z.string(),
  groupsClaim: z.string(),
  audiences: z.array(z.string()),
  subject: z.string(),
  claims: z.record(z.string(), z.array(z.string())),
  claimMappings: z.record(z.string(), z.string()),
  token: tokenSettingsSchema,
});

const dataSchema = z.object({
  config: z
    .object({
      jwksUrl: z.string(),
      publicKeys: z.array(z.string()),
      issuer: z.string(),
      defaultRole: z.string(),
    })
    .optional(),
  roles: z.record(z.string(), roleSchema).default({}),
});

type Role = z.infer<typeof roleSchema>;

/**
 * The JWT auth method: whoever holds a signed token of a known issuer logs in.
 *
 * @internal
 */
export class JwtAuth implements VaultBackend {
  readonly #data: z.infer<typeof dataSchema>;
  readonly #changed: () => void;
  readonly #tokens: VaultTokens;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly mount: { data?: unknown };
    changed(): void;
    readonly tokens: VaultTokens;
  }) {
    this.#data = dataSchema.parse(options.mount.data ?? {});
    options.mount.data = this.#data;
    this.#changed = options.changed;
    this.#tokens = options.tokens;
    const { roles } = this.#data;
    this.routes = [
      {
        pattern: /^config$/,
        operations: {
          read: () => this.#readConfig(),
          update: request => this.#writeConfig(request),
        },
      },
      {
        pattern: /^login$/,
        unauthenticated: true,
        operations: { update: request => this.#login(request) },
      },
      {
        pattern: /^role\/?$/,
        operations: { list: () => answerKeys(Object.keys(roles).sort()) },
      },
      {
        pattern: /^role\/([\w.-]+)$/,
        exists: (_request, name) => this.#find(name) !== undefined,
        operations: {
          read: (_request, name) => this.#read(name),
          update: (request, name) => this.#write(request, name),
          delete: (_request, name) => {
            delete roles[name];
            this.#changed();
            return undefined;
          },
        },
      },
    ];
  }

  #find(name: string): Role | undefined {
    const { roles } = this.#data;
    return Object.hasOwn(roles, name) ? roles[name] : undefined;
  }

  #readConfig(): BackendAnswer | undefined {
    const { config } = this.#data;
    return (
      config && {
        data: {
          bound_issuer: config.issuer,
          default_role: config.defaultRole,
          jwks_ca_pem: '',
          jwks_url: config.jwksUrl,
          jwt_supported_algs: [],
          jwt_validation_pubkeys: config.publicKeys,
          namespace_in_state: true,
          oidc_client_id: '',
          oidc_discovery_ca_pem: '',
          oidc_discovery_url: '',
          oidc_response_mode: '',
          oidc_response_types: [],
          provider_config: {},
        },
      }
    );
  }

  #writeConfig({ fields }: BackendRequest): undefined {
    const jwksUrl = readText(fields, 'jwks_url') ?? '';
    const publicKeys = readList(fields, 'jwt_validation_pubkeys') ?? [];
    if (Boolean(jwksUrl) === publicKeys.length > 0) {
      throw invalidRequest(
        "exactly one of 'jwt_validation_pubkeys', 'jwks_url', 'jwks_pairs', 'oidc_discovery_url', or 'provider_config' must be set",
      );
    }
    for (const key of publicKeys) {
      try {
        createPublicKey(key);
      } catch {
        throw invalidRequest('error parsing public key');
      }
    }
    this.#data.config = {
      jwksUrl,
      publicKeys,
      issuer: readText(fields, 'bound_issuer') ?? '',
      defaultRole: readText(fields, 'default_role') ?? '',
    };
    this.#changed();
  }

  #read(name: string): BackendAnswer | undefined {
    const role = this.#find(name);
    return (
      role && {
        data: {
          allowed_redirect_uris: null,
          bound_audiences: role.audiences,
          bound_claims: role.claims,
          bound_claims_type: 'string',
          bound_subject: role.subject,
          claim_mappings: role.claimMappings,
          groups_claim: role.groupsClaim,
          role_type: 'jwt',
          user_claim: role.userClaim,
          ...describeTokenSettings(role.token),
        },
      }
    );
  }

  #write({ fields }: BackendRequest, name: string): undefined {
    const old = this.#find(name);
    const type = readText(fields, 'role_type') ?? (old ? 'jwt' : 'oidc');
    if (type !== 'jwt') {
      throw invalidRequest(
        `invalid 'role_type': ${type}; the sandbox has jwt only`,
      );
    }
    const userClaim = readText(fields, 'user_claim') ?? old?.userClaim;
    if (!userClaim) {
      throw invalidRequest('a user claim must be defined on the role');
    }
    const claims = readObject(fields, 'bound_claims');
    const role: Role = {
      userClaim,
      groupsClaim: readText(fields, 'groups_claim') ?? old?.groupsClaim ?? '',
      audiences: readList(fields, 'bound_audiences') ?? old?.audiences ?? [],
      subject: readText(fields, 'bound_subject') ?? old?.subject ?? '',
      claims: claims
        ? Object.fromEntries(
            Object.entries(claims).map(([claim, value]) => [
              claim,
              (Array.isArray(value) ? value : [value]).map(String),
            ]),
          )
        : old?.claims ?? {},
      claimMappings:
        readTextMap(fields, 'claim_mappings') ?? old?.claimMappings ?? {},
      token: readTokenSettings(fields, old?.token),
    };
    if (
      role.audiences.length === 0 &&
      !role.subject &&
      Object.keys(role.claims).length === 0
    ) {
      throw invalidRequest(
        'must have at least one bound constraint when creating/updating a role',
      );
    }
    this.#data.roles[name] = role;
    this.#changed();
  }

  async #login(request: BackendRequest): Promise<BackendAnswer> {
    const { fields, namespace, mountPath } = request;
    const { config } = this.#data;
    if (!config) {
      throw invalidRequest('could not load configuration');
    }
    const name = readText(fields, 'role') || config.defaultRole;
    if (!name) {
      throw invalidRequest('missing role');
    }
    const role = this.#find(name);
    if (!role) {
      throw invalidRequest(`role "${name}" could not be found`);
    }
    const jwt = readText(fields, 'jwt');
    if (!jwt) {
      throw invalidRequest('missing token');
    }
    const claims = await this.#verify(jwt, role);
    const user = claims[role.userClaim];
    if (typeof user !== 'string' || user === '') {
      throw invalidRequest(`claim "${role.userClaim}" not found in token`);
    }
    const metadata: Record<string, string> = { role: name };
    for (const [claim, key] of Object.entries(role.claimMappings)) {
      if (claims[claim] !== undefined) {
        metadata[key] = String(claims[claim]);
      }
    }
    const prefix = mountPath.replace(/^auth\//, '').replace(/\/$/, '');
    return grantToken(this.#tokens, role.token, {
      namespace,
      path: `${mountPath}login`,
      displayName: `${prefix}-${user}`,
      metadata,
    });
  }

  async #verify(jwt: string, role: Role): Promise<JWTPayload> {
    const config = this.#data.config!;
    let payload: JWTPayload | undefined;
    let problem = UNKNOWN_KEY;
    for (const key of await this.#keys(jwt)) {
      try {
        const verified = await jwtVerify(jwt, key, {
          ...(config.issuer && { issuer: config.issuer }),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        });
        payload = verified.payload;
        break;
      } catch (error) {
        problem = explain(error as Error & { code?: string; claim?: string });
      }
    }
    const refuse = (why: string) =>
      new VaultError(400, `error validating token: ${why}`);
    if (!payload) {
      throw refuse(problem);
    }
    const audiences = [payload.aud ?? []].flat();
    if (
      audiences.length > 0 &&
      !audiences.some(audience => role.audiences.includes(audience))
    ) {
      throw refuse(
        'invalid audience (aud) claim: audience claim does not match any expected audience',
      );
    }
    if (role.subject && role.subject !== payload.sub) {
      throw refuse('invalid subject (sub) claim');
    }
    for (const [claim, wanted] of Object.entries(role.claims)) {
      const given = [payload[claim] ?? []].flat().map(String);
      if (!given.some(value => wanted.includes(value))) {
        throw new VaultError(
          400,
          `error validating claims: claim "${claim}" does not match any associated bound claim values`,
        );
      }
    }
    return payload;
  }

  async #keys(jwt: string): Promise<KeyLike[]> {
    const { jwksUrl, publicKeys } = this.#data.config!;
    if (publicKeys.length > 0) {
      return publicKeys.map(key => createPublicKey(key));
    }
    try {
      const answer = await fetch(jwksUrl, {
        signal: AbortSignal.timeout(FETCH_MILLISECONDS),
      });
      const find = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
      return [await find(decodeProtectedHeader(jwt))];
    } catch (error) {
      throw new VaultError(
        400,
        `error validating token: error verifying token signature: ${
          (error as Error).message
        }`,
      );
    }
  }
}

/** Why jose refuses a token, in the words of the real server. */
function explain(error: Error & { code?: string; claim?: string }): string {
  if (error.code === 'ERR_JWT_EXPIRED') {
    return 'invalid expiration time (exp) claim: token is expired';
  }
  if (error.code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    return error.claim === 'iss'
      ? 'invalid issuer (iss) claim'
      : `invalid ${error.claim} claim`;
  }
  return error.code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
    ? UNKNOWN_KEY
    : `error verifying token signature: ${error.message}`;
}
