import { tmpdir } from 'node:os';
import { createSandboxContext } from '../core/createSandboxContext';
import { createFaultTable } from '../core/FaultTable';
import type { SandboxContext } from '../core/SandboxContext';

/**
 * A context for tests of single parts, without a server, in which time is short.
 *
 * @param options.speed - how many times faster things take their time; 50 unless given
 */
export function createTestContext(
  options: {
    readonly speed?: number;
    readonly stateFolder?: string;
    /** Gets each line of the log; by default they are dropped. */
    readonly log?: (system: string, message: string) => void;
  } = {},
): SandboxContext {
  return createSandboxContext({
    url: 'http://localhost:7008',
    stateFolder: options.stateFolder ?? tmpdir(),
    token: 'token-of-the-tests',
    faults: createFaultTable(),
    speed: options.speed ?? 50,
    log: options.log ?? (() => {}),
  });
}
