import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../core/stateFiles';

const schema = z.object({ stage: z.enum(['begun', 'made', 'complete']) });

type Stage = z.output<typeof schema>['stage'];

/** Where the systems keep what the seed makes. */
const FOLDERS = ['argocd', 'forge', 'kubernetes', 'prometheus', 'vault'];

/**
 * How far the first start of an installation has come.
 *
 * @remarks
 * What is made depends on what was made before it (Applications on commits, for example), and a process may be killed
 * between any two steps. So a seed that did not come to its end is thrown away as a whole and made again: at that time
 * nothing in it is anybody's own work.
 *
 * @internal
 */
export class SeedProgress {
  readonly #file: string;
  #stage: Stage | undefined;

  /**
   * Reads it, and removes a seed that was begun and not ended. To be called before the systems read their state.
   */
  constructor(stateFolder: string) {
    this.#file = join(stateFolder, 'seed.json');
    this.#stage = readStateFile(this.#file, schema)?.stage;
    if (this.#stage === 'begun') {
      for (const folder of FOLDERS) {
        rmSync(join(stateFolder, folder), { recursive: true, force: true });
      }
    } else if (!this.#stage && existsSync(join(stateFolder, 'kubernetes'))) {
      // Seeded before there was such a file.
      this.#stage = 'complete';
    }
  }

  /** Whether nothing was made yet. */
  get isNew(): boolean {
    return this.#stage === undefined || this.#stage === 'begun';
  }

  /** Whether what follows the first syncs has happened too. */
  get isComplete(): boolean {
    return this.#stage === 'complete';
  }

  /** Notes that a seed begins (`begun`), that all objects are there (`made`), or that all is done. */
  reach(stage: Stage): void {
    this.#stage = stage;
    writeStateFile(this.#file, { stage });
  }
}
