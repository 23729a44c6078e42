import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { InventoryRow } from './DatabaseInventory';

/** What is there of something that a run has made. */
export interface Inspection {
  readonly present: boolean;
  /** Why it must not be touched, if so. */
  readonly refused?: string;
  /** What to know before it is removed, a sentence each. */
  readonly notes: readonly string[];
}

/** Removes what runs have made, of one kind. */
export interface Remover {
  /** Looks, and changes nothing. */
  inspect(row: InventoryRow, context: RemovalContext): Promise<Inspection>;
  /** Removes it. What is not there any more is no error. */
  remove(row: InventoryRow, context: RemovalContext): Promise<void>;
}

/** Who removes it. */
export interface RemovalContext {
  readonly credentials: BackstageCredentials;
  readonly signal?: AbortSignal;
}

/** The end of what a run leaves in the message of its commit. */
export function trailerOf(taskId: string): string {
  return `Waystone-Task: ${taskId}`;
}
