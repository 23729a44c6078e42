import type { SandboxContext } from '../core/SandboxContext';
import { AppRole } from './auth/AppRole';
import { JwtAuth } from './auth/JwtAuth';
import { KubernetesAuth } from './auth/KubernetesAuth';
import type { ReviewToken } from './auth/KubernetesAuth';
import { TokenAuth } from './auth/TokenAuth';
import { Cubbyhole } from './engines/Cubbyhole';
import { DatabaseEngine } from './engines/database/DatabaseEngine';
import { KeyValueV1 } from './engines/KeyValueV1';
import { KeyValueV2 } from './engines/KeyValueV2';
import { AccessControl } from './policy/AccessControl';
import { parsePolicy } from './policy/parsePolicy';
import type { PolicyRule } from './policy/parsePolicy';
import {
  createMount,
  createNamespace,
  createVaultData,
} from './createVaultData';
import type { MountKind } from './createVaultData';
import { randomText } from './randomId';
import { SystemBackend } from './system/SystemBackend';
import type { VaultBackend } from './VaultBackend';
import { invalidRequest, VaultError } from './VaultError';
import { VaultLeases } from './VaultLeases';
import { VaultState } from './VaultState';
import type { MountRecord, NamespaceRecord, TokenRecord } from './VaultState';
import { VaultTokens } from './VaultTokens';

/**
 * What a path leads to.
 *
 * @internal
 */
export interface ResolvedPath {
  readonly backend: VaultBackend;
  readonly record: MountRecord;
  /** Such as `secret/` or `auth/approle/`. */
  readonly mountPath: string;
  /** Below the mount. */
  readonly path: string;
}

/** Mounts that are always there. */
const FIXED = ['sys/', 'cubbyhole/', 'identity/', 'token/'];

/**
 * Everything of Vault but HTTP: state, tokens, leases, policies, namespaces and what is mounted in them.
 *
 * @internal
 */
export class VaultCore {
  readonly state: VaultState;
  readonly tokens: VaultTokens;
  readonly leases: VaultLeases;
  readonly unsealKey: string;
  /** Whether another node is the active one, for stories. */
  standby = false;
  readonly #context: SandboxContext;
  readonly #reviewToken: ReviewToken | undefined;
  readonly #backends = new Map<string, VaultBackend>();
  readonly #rules = new Map<string, readonly PolicyRule[]>();

  constructor(context: SandboxContext, reviewToken: ReviewToken | undefined) {
    this.#context = context;
    this.#reviewToken = reviewToken;
    this.unsealKey = context.deriveToken('vault-unseal-key');
    this.state = VaultState.open(
      `${context.stateFolder}/vault`,
      createVaultData,
    );
    this.leases = new VaultLeases({
      state: this.state,
      findBackend: lease => this.#backends.get(lease.mount),
      onProblem: message => context.log('vault', message),
    });
    this.tokens = new VaultTokens(this.state, token => {
      this.leases.revokeLater(
        this.leases.all().filter(lease => lease.token === token.accessor),
      );
    });
    this.leases.onSweep = () => this.tokens.sweep();
    this.#replaceRootToken();
    for (const [name, namespace] of Object.entries(
      this.state.data.namespaces,
    )) {
      this.#openNamespace(name, namespace);
    }
    this.state.save();
  }

  /** Starts to end what is over. */
  start(): void {
    this.leases.schedule();
  }

  async close(): Promise<void> {
    this.leases.stop();
    for (const backend of this.#backends.values()) {
      await backend.close?.();
    }
    this.state.save();
  }

  namespace(name: string): NamespaceRecord | undefined {
    const { namespaces } = this.state.data;
    return Object.hasOwn(namespaces, name) ? namespaces[name] : undefined;
  }

  createNamespace(name: string): NamespaceRecord {
    const namespace = createNamespace(randomText(6));
    this.state.data.namespaces[name] = namespace;
    this.#openNamespace(name, namespace);
    this.state.changed();
    return namespace;
  }

  async deleteNamespace(name: string): Promise<void> {
    const namespace = this.namespace(name);
    for (const kind of ['mounts', 'auths'] as const) {
      for (const path of Object.keys(namespace?.[kind] ?? {})) {
        await this.#unmount(kind, name, path);
      }
    }
    this.tokens
      .all()
      .filter(token => token.namespace === name)
      .forEach(token => this.tokens.revoke(token.accessor));
    delete this.state.data.namespaces[name];
    this.state.changed();
  }

  /** Finds the mount that a path leads to. */
  resolve(namespace: string, path: string): ResolvedPath | undefined {
    const record = this.namespace(namespace);
    const isAuth = path.startsWith('auth/');
    const mounts = isAuth ? record?.auths : record?.mounts;
    const rest = isAuth ? path.slice('auth/'.length) : path;
    const found = Object.keys(mounts ?? {})
      .filter(mount => rest.startsWith(mount) || `${rest}/` === mount)
      .sort((left, right) => right.length - left.length)[0];
    if (!mounts || found === undefined) {
      return undefined;
    }
    return {
      backend: this.#backends.get(mounts[found].uuid)!,
      record: mounts[found],
      mountPath: isAuth ? `auth/${found}` : found,
      path: rest.slice(found.length),
    };
  }

  backendOf(record: MountRecord): VaultBackend | undefined {
    return this.#backends.get(record.uuid);
  }

  /** Mounts a secrets engine or an auth method. */
  mount(
    kind: MountKind,
    namespace: string,
    path: string,
    settings: {
      readonly type: string;
      readonly description?: string;
      readonly options?: Readonly<Record<string, string>>;
      readonly defaultLeaseTtl?: number;
      readonly maxLeaseTtl?: number;
    },
  ): MountRecord {
    const mounts = this.namespace(namespace)![kind];
    const taken = Object.keys(mounts).find(
      mount => mount.startsWith(path) || path.startsWith(mount),
    );
    if (taken) {
      throw invalidRequest(`path is already in use at ${taken}`);
    }
    const record = createMount(settings.type, kind, settings.description ?? '');
    record.options = settings.options ? { ...settings.options } : null;
    if (kind === 'auths') {
      record.options ??= {};
    }
    record.defaultLeaseTtl = settings.defaultLeaseTtl ?? 0;
    record.maxLeaseTtl = settings.maxLeaseTtl ?? 0;
    this.#backends.set(
      record.uuid,
      this.#createBackend(kind, namespace, record),
    );
    mounts[path] = record;
    this.state.changed();
    return record;
  }

  /** Ends a mount, with all that it granted. */
  async unmount(kind: MountKind, namespace: string, path: string) {
    if (FIXED.includes(path)) {
      throw invalidRequest(`cannot unmount "${path}"`);
    }
    await this.#unmount(kind, namespace, path);
  }

  async #unmount(kind: MountKind, namespace: string, path: string) {
    const mounts = this.namespace(namespace)?.[kind] ?? {};
    const record = Object.hasOwn(mounts, path) ? mounts[path] : undefined;
    if (!record) {
      return;
    }
    for (const lease of this.leases.all()) {
      if (lease.mount === record.uuid) {
        await this.leases.revoke(lease);
      }
    }
    if (kind === 'auths') {
      this.tokens
        .all()
        .filter(
          token =>
            token.namespace === namespace &&
            token.path.startsWith(`auth/${path}`),
        )
        .forEach(token => this.tokens.revoke(token.accessor));
    }
    await this.#backends.get(record.uuid)?.close?.();
    this.#backends.delete(record.uuid);
    delete mounts[path];
    this.state.changed();
  }

  setPolicy(namespace: string, name: string, text: string | undefined): void {
    const { policies } = this.namespace(namespace)!;
    if (text === undefined) {
      delete policies[name];
    } else {
      policies[name] = text;
    }
    this.#rules.delete(`${namespace} ${name}`);
    this.state.changed();
  }

  hasPolicy(namespace: string, name: string): boolean {
    return Object.hasOwn(this.namespace(namespace)?.policies ?? {}, name);
  }

  /** What a token may do. Paths are as seen from the root namespace. */
  accessOf(token: TokenRecord): AccessControl {
    return new AccessControl(
      token.policies.flatMap(name => this.#rulesOf(token.namespace, name)),
      token.policies.includes('root'),
    );
  }

  /** Ends every token but root's and takes back whatever was granted. */
  async revokeAll(): Promise<void> {
    this.tokens
      .all()
      .filter(token => token.path !== 'auth/token/root')
      .forEach(token => this.tokens.revoke(token.accessor));
    for (const lease of this.leases.all()) {
      await this.leases.revoke(lease);
    }
    this.state.save();
  }

  setSealed(sealed: boolean): void {
    this.state.data.sealed = sealed;
    this.state.changed();
    this.leases.schedule();
    this.state.save();
  }

  #rulesOf(namespace: string, name: string): readonly PolicyRule[] {
    const key = `${namespace} ${name}`;
    const known = this.#rules.get(key);
    if (known) {
      return known;
    }
    const rules = this.hasPolicy(namespace, name)
      ? parsePolicy(this.namespace(namespace)!.policies[name]).map(rule => ({
          ...rule,
          path: `${namespace}${rule.path}`,
        }))
      : [];
    this.#rules.set(key, rules);
    return rules;
  }

  #openNamespace(name: string, namespace: NamespaceRecord): void {
    for (const kind of ['mounts', 'auths'] as const) {
      for (const record of Object.values(namespace[kind])) {
        this.#backends.set(
          record.uuid,
          this.#createBackend(kind, name, record),
        );
      }
    }
  }

  /** The root token is another one in each installation. */
  #replaceRootToken(): void {
    const { token } = this.#context;
    const known = this.tokens.find(token);
    if (known?.path === 'auth/token/root') {
      return;
    }
    this.tokens
      .all()
      .filter(({ path }) => path === 'auth/token/root')
      .forEach(({ accessor }) => this.tokens.revoke(accessor));
    this.tokens.create({
      namespace: '',
      policies: ['root'],
      path: 'auth/token/root',
      displayName: 'root',
      id: token,
    });
  }

  #createBackend(
    kind: MountKind,
    namespace: string,
    mount: MountRecord,
  ): VaultBackend {
    const changed = () => this.state.changed();
    const { tokens } = this;
    switch (`${kind}:${mount.type}`) {
      case 'mounts:kv':
        return mount.options?.version === '2'
          ? new KeyValueV2(mount, changed)
          : new KeyValueV1(mount, changed);
      case 'mounts:database':
        return new DatabaseEngine({
          mount,
          changed,
          protectedUser: this.#context.postgres?.user,
          onProblem: message => this.#context.log('vault', message),
        });
      case 'mounts:cubbyhole':
        return new Cubbyhole(changed);
      case 'mounts:system':
        return new SystemBackend(this, namespace);
      case 'mounts:identity':
        return { routes: [] };
      case 'auths:token':
        return new TokenAuth({
          tokens,
          isAllowed: (token, path) =>
            this.accessOf(token).allows(`${namespace}${path}`, 'sudo'),
          hasPolicy: (where, name) => this.hasPolicy(where, name),
        });
      case 'auths:approle':
        return new AppRole({ mount, changed, tokens });
      case 'auths:kubernetes':
        return new KubernetesAuth({
          mount,
          changed,
          tokens,
          reviewToken: this.#reviewToken,
        });
      case 'auths:jwt':
        return new JwtAuth({ mount, changed, tokens });
      default:
        throw new VaultError(
          400,
          `plugin not found in the catalog: ${mount.type}`,
        );
    }
  }
}
