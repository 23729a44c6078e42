import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readStateFile, writeStateFile } from '../../core/stateFiles';
import { forgeSchema, repositorySchema } from './schemas';
import type { Account, RepositoryRecord } from './schemas';

/** How long changes are gathered before they are written, in milliseconds. */
const WRITE_DELAY_MS = 200;

/**
 * What the forge knows, in memory and in one file per repository beside its Git folder.
 *
 * @internal
 */
export class ForgeState {
  readonly #folder: string;
  readonly #accounts = new Map<string, Account>();
  readonly #repositories = new Map<string, RepositoryRecord>();
  readonly #changed = new Set<RepositoryRecord | 'forge'>();
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;

  readonly #log: (message: string) => void;

  /**
   * @param folder - of the forge; made if it is not there
   * @param log - told of what cannot be written
   */
  constructor(folder: string, log: (message: string) => void) {
    this.#folder = folder;
    this.#log = log;
    mkdirSync(join(folder, 'repositories'), { recursive: true, mode: 0o700 });
    const forge = readStateFile(join(folder, 'forge.json'), forgeSchema);
    this.#nextId = forge?.nextId ?? 1;
    for (const account of forge?.accounts ?? []) {
      this.#accounts.set(account.login.toLowerCase(), account);
    }
    const root = join(folder, 'repositories');
    for (const owner of readdirSync(root)) {
      for (const file of readdirSync(join(root, owner))) {
        const record = file.endsWith('.json')
          ? readStateFile(join(root, owner, file), repositorySchema)
          : undefined;
        if (record && existsSync(this.repositoryFolder(record))) {
          this.#repositories.set(toKey(record.owner, record.name), record);
          // A killed process may not have written the last number it gave away.
          this.#nextId = Math.max(this.#nextId, highestId(record) + 1);
        }
      }
    }
  }

  /** A number that nothing else has. */
  nextId(): number {
    this.#touch('forge');
    return this.#nextId++;
  }

  get accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  account(login: string): Account | undefined {
    return this.#accounts.get(login.toLowerCase());
  }

  addAccount(account: Omit<Account, 'id' | 'createdAt'>): Account {
    const added = {
      ...account,
      id: this.nextId(),
      createdAt: new Date().toISOString(),
    };
    this.#accounts.set(account.login.toLowerCase(), added);
    return added;
  }

  get repositories(): readonly RepositoryRecord[] {
    return [...this.#repositories.values()];
  }

  repository(owner: string, name: string): RepositoryRecord | undefined {
    return this.#repositories.get(toKey(owner, name));
  }

  addRepository(record: RepositoryRecord): void {
    this.#repositories.set(toKey(record.owner, record.name), record);
    this.#write(record);
  }

  removeRepository(record: RepositoryRecord): void {
    this.#repositories.delete(toKey(record.owner, record.name));
    this.#changed.delete(record);
    rmSync(this.#file(record), { force: true });
    rmSync(this.repositoryFolder(record), { recursive: true, force: true });
  }

  /** The folder of the bare repository. */
  repositoryFolder(record: { owner: string; name: string }): string {
    return join(
      this.#folder,
      'repositories',
      record.owner.toLowerCase(),
      `${record.name.toLowerCase()}.git`,
    );
  }

  /** Has a repository's changed record written soon. */
  save(record: RepositoryRecord): void {
    this.#touch(record);
  }

  /** Writes all that changed. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const record of this.#changed) {
      this.#write(record);
      this.#changed.delete(record);
    }
  }

  #touch(record: RepositoryRecord | 'forge') {
    this.#changed.add(record);
    this.#timer ??= setTimeout(() => {
      try {
        this.flush();
      } catch (error) {
        // What is left is written with the next change.
        this.#log((error as Error).message);
      }
    }, WRITE_DELAY_MS);
  }

  #write(record: RepositoryRecord | 'forge') {
    if (record === 'forge') {
      writeStateFile(join(this.#folder, 'forge.json'), {
        nextId: this.#nextId,
        accounts: this.accounts,
      });
    } else {
      writeStateFile(this.#file(record), record);
    }
  }

  #file(record: RepositoryRecord): string {
    return this.repositoryFolder(record).replace(/\.git$/, '.json');
  }
}

function highestId(record: RepositoryRecord): number {
  return Math.max(
    record.id,
    ...[
      ...record.pulls,
      ...record.statuses,
      ...record.runs,
      ...record.runs.flatMap(run => run.jobs),
      ...record.hooks,
      ...record.releases,
    ].map(({ id }) => id),
  );
}

function toKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}
