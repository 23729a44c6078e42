import type {
  BackstageCredentials,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { decide } from './decide';
import type { Asker } from './decide';
import type { CompiledPolicy } from './policy/compilePolicy';

const DENY = { result: AuthorizeResult.DENY } as const;

/**
 * Decides what the roles of the policy say.
 *
 * @remarks
 *
 * Denies whenever it cannot tell who is asking. Calls among plugins on their own
 * behalf never get here, the framework allows them.
 *
 * @public
 */
export class WaystonePermissionPolicy implements PermissionPolicy {
  readonly #policy: () => CompiledPolicy;
  readonly #userInfo: UserInfoService;
  readonly #logger: LoggerService;

  static create(options: {
    /** The policy in force; it may change. */
    readonly policy: () => CompiledPolicy;
    readonly userInfo: UserInfoService;
    readonly logger: LoggerService;
  }): WaystonePermissionPolicy {
    return new WaystonePermissionPolicy(options);
  }

  private constructor(options: {
    readonly policy: () => CompiledPolicy;
    readonly userInfo: UserInfoService;
    readonly logger: LoggerService;
  }) {
    this.#policy = options.policy;
    this.#userInfo = options.userInfo;
    this.#logger = options.logger;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const asker = user && (await this.identify(user.credentials));
    if (!asker) {
      return DENY;
    }
    const role = this.#policy().roleOf(asker.ownershipEntityRefs);
    return role ? decide(permission, role.clausesFor(permission), asker) : DENY;
  }

  /** Who asks; undefined if that cannot be told. */
  async identify(
    credentials: BackstageCredentials,
  ): Promise<Asker | undefined> {
    try {
      const info = await this.#userInfo.getUserInfo(credentials);
      return info.userEntityRef && info.ownershipEntityRefs.length > 0
        ? info
        : undefined;
    } catch (error) {
      this.#logger.warn(
        'Denied a permission because the user could not be looked up',
        error as Error,
      );
      return undefined;
    }
  }
}
