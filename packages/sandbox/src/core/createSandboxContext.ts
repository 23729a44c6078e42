import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultTable } from './FaultTable';
import type { PostgresServer, SandboxContext } from './SandboxContext';

/**
 * What a {@link SandboxContext} is made of.
 *
 * @internal
 */
export interface SandboxContextOptions {
  readonly url: string;
  readonly stateFolder: string;
  readonly token: string;
  readonly postgres?: PostgresServer;
  readonly faults: FaultTable;
  /** How many times faster than realistic things take their time. */
  readonly speed: number;
  log(system: string, message: string): void;
}

/** Creates the context that all parts share. */
export function createSandboxContext(
  options: SandboxContextOptions,
): SandboxContext {
  const { url, stateFolder, token, postgres, faults, speed, log } = options;
  return {
    url,
    stateFolder,
    token,
    postgres,
    faults,
    log,
    deriveToken: purpose =>
      createHmac('sha256', token).update(purpose).digest('hex').slice(0, 48),
    random: name => createRandom(name),
    delay: async (milliseconds, signal) => {
      await wait(milliseconds / speed, undefined, { signal, ref: false });
    },
  };
}

/** Numbers that are the same for the same name: FNV-1a for the seed, mulberry32 for the sequence. */
function createRandom(name: string): () => number {
  let state = 0x811c9dc5;
  for (const character of name) {
    state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  }
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
