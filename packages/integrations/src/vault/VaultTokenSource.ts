import type { LoggerService } from '@backstage/backend-plugin-api';
import type { VaultGrant, VaultLogin } from './VaultLogin';

/** Of a token's life, when it is renewed; the rest is for failures. */
const RENEW_AFTER = 2 / 3;
/** So that clients that started together do not come back together. */
const JITTER = 0.1;
const MIN_DELAY_MS = 1000;
const MAX_RETRY_MS = 30_000;
/** Node's timers overflow above 2^31 - 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Has a token that is good, and renews it before it ends.
 *
 * @remarks
 * Logs in with the first call. Whoever asks while a login is under way waits for that login. The timer does not keep
 * the process alive.
 *
 * @internal
 */
export class VaultTokenSource {
  readonly #login: Pick<VaultLogin, 'logIn' | 'renew'>;
  readonly #logger: LoggerService | undefined;
  readonly #name: string;
  #grant: (VaultGrant & { readonly expiresAt: number }) | undefined;
  #pending: Promise<string> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(options: {
    readonly login: Pick<VaultLogin, 'logIn' | 'renew'>;
    /** For log lines. */
    readonly name: string;
    readonly logger?: LoggerService;
  }) {
    this.#login = options.login;
    this.#name = options.name;
    this.#logger = options.logger;
  }

  /** A token that is good as far as is known. */
  async get(): Promise<string> {
    return this.#grant && this.#grant.expiresAt > Date.now()
      ? this.#grant.token
      : this.#logIn();
  }

  /**
   * A token in place of one that Vault has refused. The same one comes back only if there is no other.
   */
  async replace(refused: string): Promise<string> {
    return this.#grant && this.#grant.token !== refused
      ? this.get()
      : this.#logIn();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #logIn(): Promise<string> {
    this.#pending ??= this.#login
      .logIn()
      .then(grant => this.#accept(grant))
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }

  #accept(grant: VaultGrant): string {
    this.#failures = 0;
    const lifeMs = grant.ttlSeconds > 0 ? grant.ttlSeconds * 1000 : Infinity;
    this.#grant = { ...grant, expiresAt: Date.now() + lifeMs };
    if (lifeMs !== Infinity) {
      const share = RENEW_AFTER * (1 - JITTER * Math.random());
      this.#schedule(lifeMs * share);
    }
    return grant.token;
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) {
      this.#timer = setTimeout(
        () => this.#renew(),
        Math.min(MAX_TIMER_MS, Math.max(MIN_DELAY_MS, delayMs)),
      ).unref();
    }
  }

  /** Never rejects: it runs from a timer. */
  async #renew(): Promise<void> {
    const grant = this.#grant;
    if (!grant) {
      return;
    }
    try {
      if (grant.renewable) {
        const renewed = await this.#login.renew(grant.token);
        // Shorter than it was: it nears the end that no renewal exceeds.
        if (renewed.ttlSeconds * 2 > grant.ttlSeconds) {
          this.#accept({ ...renewed, ttlSeconds: renewed.ttlSeconds });
          return;
        }
      }
      await this.#logIn();
    } catch (error) {
      this.#failures += 1;
      this.#logger?.warn(
        `${this.#name}: the token could not be renewed: ${
          (error as Error).message
        }`,
      );
      if (grant.renewable && this.#failures === 1) {
        // It may have been revoked; a login tells.
        this.#grant = { ...grant, renewable: false };
      }
      this.#schedule(
        Math.min(MAX_RETRY_MS, MIN_DELAY_MS * 2 ** (this.#failures - 1)),
      );
    }
  }
}
