import {
  readBoolean,
  readList,
  readNumber,
  readSeconds,
  readText,
  readTextMap,
} from '../fields';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest, permissionDenied, VaultError } from '../VaultError';
import type { TokenRecord } from '../VaultState';
import { DEFAULT_TTL_SECONDS, ttlOf } from '../VaultTokens';
import type { VaultTokens } from '../VaultTokens';

/**
 * The token auth method: tokens make, show, renew and end tokens.
 *
 * @internal
 */
export class TokenAuth implements VaultBackend {
  readonly #tokens: VaultTokens;
  readonly #isAllowed: (token: TokenRecord, path: string) => boolean;
  readonly #hasPolicy: (namespace: string, name: string) => boolean;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly tokens: VaultTokens;
    /** Whether a token has `sudo` for a path. */
    isAllowed(token: TokenRecord, path: string): boolean;
    hasPolicy(namespace: string, name: string): boolean;
  }) {
    this.#tokens = options.tokens;
    this.#isAllowed = options.isAllowed;
    this.#hasPolicy = options.hasPolicy;
    const write = (
      name: string,
      handler: (request: BackendRequest) => BackendAnswer | undefined,
    ): BackendRoute => ({
      pattern: new RegExp(`^${name}$`),
      operations: { update: handler },
    });
    this.routes = [
      write('create', request => this.#create(request, false)),
      write('create-orphan', request => this.#create(request, true)),
      {
        pattern: /^lookup-self$/,
        operations: {
          read: ({ token }) => describe(token!, true),
          update: ({ token }) => describe(token!, true),
        },
      },
      {
        pattern: /^lookup$/,
        operations: {
          read: ({ token }) => describe(token!, true),
          update: request => describe(this.#named(request, 'bad token'), true),
        },
      },
      write('lookup-accessor', request =>
        describe(this.#byAccessor(request), false),
      ),
      write('renew-self', request => this.#renew(request, request.token!)),
      write('renew', request =>
        this.#renew(request, this.#named(request, 'token not found', 400)),
      ),
      write('renew-accessor', request =>
        this.#renew(request, this.#byAccessor(request), true),
      ),
      write('revoke-self', ({ token }) => this.#revoke(token!)),
      write('revoke', ({ fields }) => {
        const token = this.#tokens.find(readText(fields, 'token') ?? '');
        return token && this.#revoke(token);
      }),
      write('revoke-orphan', ({ fields }) => {
        const token = this.#tokens.find(readText(fields, 'token') ?? '');
        if (token) {
          this.#tokens.revokeOrphan(token.accessor);
        }
        return undefined;
      }),
      write('revoke-accessor', ({ fields }) => {
        const token = this.#tokens.findByAccessor(
          readText(fields, 'accessor') ?? '',
        );
        return token
          ? this.#revoke(token)
          : { warnings: ['No token found with this accessor'] };
      }),
      {
        pattern: /^accessors\/?$/,
        sudo: true,
        operations: {
          list: ({ namespace }) =>
            answerKeys(
              this.#tokens
                .all()
                .filter(token => token.namespace === namespace)
                .map(token => token.accessor),
            ),
        },
      },
    ];
  }

  #named({ fields, token }: BackendRequest, problem: string, status = 403) {
    const id = readText(fields, 'token');
    const found = id ? this.#tokens.find(id) : token;
    if (!found) {
      throw new VaultError(status, problem);
    }
    return found;
  }

  #byAccessor({ fields }: BackendRequest): TokenRecord {
    const accessor = readText(fields, 'accessor');
    if (!accessor) {
      throw invalidRequest('1 error occurred:\n\t* missing accessor\n\n');
    }
    const token = this.#tokens.findByAccessor(accessor);
    if (!token) {
      throw invalidRequest('1 error occurred:\n\t* invalid accessor\n\n');
    }
    return token;
  }

  #create(request: BackendRequest, asOrphan: boolean): BackendAnswer {
    const { fields, namespace, token: parent } = request;
    if (parent!.usesLeft !== 0) {
      throw invalidRequest('restricted use token cannot generate child tokens');
    }
    const isSudo = this.#isAllowed(parent!, 'auth/token/create');
    const noParent = readBoolean(fields, 'no_parent') ?? false;
    const id = readText(fields, 'id');
    const period = readSeconds(fields, 'period') ?? 0;
    for (const [given, problem] of [
      [noParent, 'root or sudo privileges required to create orphan token'],
      [id, 'root or sudo privileges required to specify token id'],
      [period, 'root or sudo privileges required to create periodic token'],
    ] as const) {
      if (given && !isSudo) {
        throw invalidRequest(problem);
      }
    }
    const wanted = readList(fields, 'policies');
    const policies = new Set(
      (wanted?.length ? wanted : parent!.policies).map(name =>
        name.toLowerCase(),
      ),
    );
    if (wanted?.length && policies.size > 0 && !policies.has('root')) {
      if (readBoolean(fields, 'no_default_policy')) {
        policies.delete('default');
      } else {
        policies.add('default');
      }
    }
    const isRoot = parent!.policies.includes('root');
    const isSubset = [...policies].every(
      name => name === 'default' || parent!.policies.includes(name),
    );
    if (!isSubset && !isRoot && (!isSudo || policies.has('root'))) {
      throw invalidRequest('child policies must be subset of parent');
    }
    const warnings = [...policies]
      .filter(name => name !== 'root' && !this.#hasPolicy(namespace, name))
      .sort()
      .map(name => `Policy "${name}" does not exist`);
    const ttl = readSeconds(fields, 'ttl') ?? 0;
    if (ttl > DEFAULT_TTL_SECONDS && !period) {
      warnings.push(
        `TTL of "${
          ttl / 3600
        }h" exceeded the effective max_ttl of "768h"; TTL value is capped accordingly`,
      );
    }
    const name = readText(fields, 'display_name');
    const token = this.#tokens.create({
      namespace,
      policies: [...policies].sort(),
      path: `auth/token/create${asOrphan ? '-orphan' : ''}`,
      displayName: name ? `token-${name}` : 'token',
      metadata: readTextMap(fields, 'meta') ?? readTextMap(fields, 'metadata'),
      parent: asOrphan || noParent ? undefined : parent!.accessor,
      id,
      ttl: Math.min(ttl, DEFAULT_TTL_SECONDS),
      maxTtl: readSeconds(fields, 'explicit_max_ttl') ?? 0,
      period,
      uses: readNumber(fields, 'num_uses') ?? 0,
      renewable: readBoolean(fields, 'renewable') ?? true,
    });
    return { auth: { token }, warnings };
  }

  #renew(
    { fields }: BackendRequest,
    token: TokenRecord,
    withoutId = false,
  ): BackendAnswer {
    if (!token.renewable) {
      throw invalidRequest('lease is not renewable');
    }
    this.#tokens.renew(token, readSeconds(fields, 'increment'));
    return { auth: { token: withoutId ? { ...token, id: '' } : token } };
  }

  #revoke(token: TokenRecord): undefined {
    if (token.path === 'auth/token/root') {
      // The sandbox's own: nothing would work without it until the next start.
      throw permissionDenied();
    }
    this.#tokens.revoke(token.accessor);
  }
}

function describe(token: TokenRecord, withId: boolean): BackendAnswer {
  return {
    data: {
      accessor: token.accessor,
      creation_time: Math.floor(token.createdAt / 1000),
      creation_ttl: token.ttl,
      display_name: token.displayName,
      entity_id: '',
      expire_time: token.expiresAt
        ? new Date(token.expiresAt).toISOString()
        : null,
      explicit_max_ttl: token.explicitMaxTtl,
      id: withId ? token.id : '',
      issue_time: new Date(token.createdAt).toISOString(),
      ...(token.renewedAt && {
        last_renewal: new Date(token.renewedAt).toISOString(),
        last_renewal_time: Math.floor(token.renewedAt / 1000),
      }),
      meta: token.metadata,
      ...(token.namespace && { namespace_path: token.namespace }),
      num_uses: token.usesLeft,
      orphan: token.parent === undefined,
      path: token.path,
      ...(token.period > 0 && { period: token.period }),
      policies: token.policies,
      renewable: token.renewable,
      ttl: ttlOf(token),
      type: 'service',
    },
  };
}
