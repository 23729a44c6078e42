import type { LeaseGrant, VaultBackend } from './VaultBackend';
import { VaultError } from './VaultError';
import { randomText } from './randomId';
import type { LeaseRecord, TokenRecord, VaultState } from './VaultState';
import { DEFAULT_TTL_SECONDS } from './VaultTokens';

/** How long a secret that could not be taken back is left before the next try. */
const RETRY_MILLISECONDS = 10_000;

/** Node's timers overflow above 2^31 - 1 ms. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Everything that was handed out and ends.
 *
 * @internal
 */
export class VaultLeases {
  readonly #state: VaultState;
  readonly #findBackend: (lease: LeaseRecord) => VaultBackend | undefined;
  readonly #onProblem: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: {
    readonly state: VaultState;
    findBackend(lease: LeaseRecord): VaultBackend | undefined;
    /** Told what could not be taken back. */
    onProblem(message: string): void;
  }) {
    this.#state = options.state;
    this.#findBackend = options.findBackend;
    this.#onProblem = options.onProblem;
  }

  all(namespace?: string): LeaseRecord[] {
    return Object.values(this.#state.data.leases).filter(
      lease => namespace === undefined || lease.namespace === namespace,
    );
  }

  find(id: string): LeaseRecord | undefined {
    const { leases } = this.#state.data;
    return Object.hasOwn(leases, id) ? leases[id] : undefined;
  }

  grant(options: {
    readonly namespace: string;
    readonly mount: string;
    /** Below the namespace, such as `database/creds/orders`. */
    readonly path: string;
    readonly token?: TokenRecord;
    readonly grant: LeaseGrant;
  }): LeaseRecord {
    const { namespace, mount, path, token, grant } = options;
    const suffix = namespace && `.${this.#state.data.namespaces[namespace].id}`;
    const now = Date.now();
    const lease: LeaseRecord = {
      id: `${path}/${randomText(24)}${suffix}`,
      namespace,
      mount,
      token: token?.accessor,
      issuedAt: now,
      expiresAt: now + (grant.ttl || DEFAULT_TTL_SECONDS) * 1000,
      maxTtl: grant.maxTtl || DEFAULT_TTL_SECONDS,
      renewable: grant.renewable,
      internal: grant.internal,
    };
    this.#state.data.leases[lease.id] = lease;
    this.#state.changed();
    this.schedule();
    return lease;
  }

  /** Lengthens what a lease grants, up to its maximum. */
  async renew(lease: LeaseRecord, increment: number): Promise<void> {
    if (!lease.renewable) {
      throw new VaultError(400, 'lease is not renewable');
    }
    const backend = this.#findBackend(lease);
    if (!backend?.renewLease) {
      throw new VaultError(400, 'lease is not renewable');
    }
    const now = Date.now();
    const left = lease.issuedAt + lease.maxTtl * 1000 - now;
    const wanted = await backend.renewLease(
      lease,
      Math.min(increment || Infinity, Math.max(1, Math.floor(left / 1000))),
    );
    lease.expiresAt = now + Math.min(wanted * 1000, left);
    lease.renewedAt = now;
    this.#state.changed();
    this.schedule();
  }

  /** Takes back what a lease grants. The lease stays if that fails. */
  async revoke(lease: LeaseRecord): Promise<void> {
    await this.#findBackend(lease)?.revokeLease?.(lease);
    delete this.#state.data.leases[lease.id];
    this.#state.changed();
  }

  /** Takes back without waiting; tries again until it works. */
  revokeLater(leases: readonly LeaseRecord[]): void {
    leases.forEach(lease => {
      lease.expiresAt = Math.min(lease.expiresAt, Date.now());
    });
    this.#state.changed();
    this.schedule();
  }

  /** Forgets a lease whatever becomes of what it granted. */
  forget(lease: LeaseRecord): void {
    delete this.#state.data.leases[lease.id];
    this.#state.changed();
  }

  /** Waits for the next end. The timer does not keep the process alive. */
  schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#state.data.sealed) {
      return;
    }
    const next = Math.min(
      ...this.all().map(lease => lease.expiresAt),
      ...Object.values(this.#state.data.tokens).map(
        token => token.expiresAt ?? Infinity,
      ),
    );
    if (next !== Infinity) {
      this.#timer = setTimeout(
        () => this.#sweep(),
        Math.min(MAX_TIMER, Math.max(0, next - Date.now())),
      ).unref();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Ends tokens, told by the owner of them. */
  onSweep: () => void = () => {};

  async #sweep(): Promise<void> {
    this.onSweep();
    const now = Date.now();
    for (const lease of this.all().filter(
      ({ expiresAt }) => expiresAt <= now,
    )) {
      try {
        await this.revoke(lease);
      } catch (error) {
        this.#onProblem(
          `The lease '${
            lease.id
          }' has ended, but what it granted could not be taken back: ${
            (error as Error).message
          }`,
        );
        lease.expiresAt = Date.now() + RETRY_MILLISECONDS;
      }
    }
    this.#state.save();
    this.schedule();
  }
}
