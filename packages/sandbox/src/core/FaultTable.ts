import { z } from 'zod';
import { readStateFile, writeStateFile } from './stateFiles';

/**
 * What goes wrong with one system, all of it at once if several are set.
 *
 * @public
 */
export interface Fault {
  /** Waits so long before every answer, in milliseconds. */
  readonly latencyMs?: number;
  /** The share of requests that fail, from 0 to 1; 1 if a failure is given without it. */
  readonly rate?: number;
  /** Answers with this HTTP status, in the error shape of the system. */
  readonly status?: 401 | 403 | 429 | 500 | 502 | 503 | 504;
  /** The `Retry-After` of a 429 or 503, in seconds. */
  readonly retryAfterSeconds?: number;
  /** Closes the connection after so many bytes of the answer's body. */
  readonly resetAfterBytes?: number;
  /** Answers with something that is not JSON. */
  readonly malformed?: boolean;
  /** Refuses every connection and cuts those that are open, as if the server were gone. */
  readonly down?: boolean;
  /** Kubernetes only: ends every watch with 410 Gone. */
  readonly watchGone?: boolean;
}

/**
 * Failures by the name of the system, such as `argocd`.
 *
 * @public
 */
export interface FaultTable {
  get(system: string): Fault | undefined;
  set(system: string, fault: Fault): void;
  clear(system: string): void;
  all(): Readonly<Record<string, Fault>>;
  /** Calls back with each fault that is set from now on. */
  onSet(listener: (system: string, fault: Fault) => void): void;
}

const savedSchema = z.record(
  z.string(),
  z.custom<Fault>(value => typeof value === 'object' && value !== null),
);

/**
 * Creates a table.
 *
 * @param options - `file` is where it survives a restart; without it, it is empty at each start
 */
export function createFaultTable(
  options: { readonly file?: string } = {},
): FaultTable {
  const { file } = options;
  const saved = file ? readStateFile(file, savedSchema) : undefined;
  const faults = new Map<string, Fault>(Object.entries(saved ?? {}));
  const listeners: ((system: string, fault: Fault) => void)[] = [];
  const save = () => {
    if (file) {
      writeStateFile(file, Object.fromEntries(faults));
    }
  };
  return {
    get: system => faults.get(system),
    set: (system, fault) => {
      faults.set(system, fault);
      save();
      listeners.forEach(listener => listener(system, fault));
    },
    clear: system => {
      if (faults.delete(system)) {
        save();
      }
    },
    all: () => Object.fromEntries(faults),
    onSet: listener => {
      listeners.push(listener);
    },
  };
}
