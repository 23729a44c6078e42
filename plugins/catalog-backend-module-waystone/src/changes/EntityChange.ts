import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';

/** What happened to an entity. `existing`: it was there when the consumer was registered; given as it is by now. */
export type EntityChangeAction = 'created' | 'changed' | 'deleted' | 'existing';

/** A change of an entity, as the catalog shows entities to its readers. */
export interface EntityChange {
  /** Of two changes of an entity, the later one has the greater number. */
  readonly id: number;
  readonly entityRef: string;
  readonly entityId: string;
  readonly action: EntityChangeAction;
  readonly changedAt: Date;
  /** Absent if it was created. */
  readonly before?: Entity;
  /** Absent if it is gone. */
  readonly after?: Entity;
}

/** Somebody who has to be told of every change. */
export interface EntityChangeConsumer {
  /** Under which is kept what was delivered. */
  readonly name: string;
  /** A greater one than before: all entities are delivered anew, as `existing`. */
  readonly version: number;
  /** Only the last of several changes of an entity that wait at the same time. */
  readonly latestOnly?: boolean;
  /** How many changes are delivered at once; 100 unless told. */
  readonly batchSize?: number;
  /**
   * Is told of the changes, in their order. What it writes by the transaction happens exactly once; other effects
   * may happen again, after a failure. If it throws, the changes are delivered again, one by one, and later.
   */
  onChanges(
    changes: readonly EntityChange[],
    context: { readonly transaction: Knex.Transaction },
  ): Promise<void>;
}
