import type { Knex } from 'knex';
import type { ImpactDirection } from '@waystone/plugin-catalog-overview-common';

/**
 * The relations along which a failure goes, seen from what fails: what depends on it, the APIs that it
 * provides, and who consumes them. The other way round for what an entity needs.
 */
const RELATIONS: Record<ImpactDirection, readonly string[]> = {
  dependents: ['dependencyOf', 'providesApi', 'apiConsumedBy'],
  dependencies: ['dependsOn', 'consumesApi', 'apiProvidedBy'],
};

/** More than any reader can use; the walk ends there. */
const MOST_NODES = 50_000;

/** @internal */
export interface ImpactNode {
  readonly entityRef: string;
  /** 1 is next to the start. */
  readonly depth: number;
  /** The entity by which it is reached. */
  readonly via: string;
}

/** @internal */
export interface ImpactWalk {
  /** The nearest first, then by name. Without the start. */
  readonly nodes: readonly ImpactNode[];
  readonly cyclic: boolean;
  readonly truncated: boolean;
}

/**
 * Walks the catalog's relations in its database, one query for each step away from the start. Each entity
 * is visited once, so cycles end.
 *
 * @internal
 */
export async function walkImpact(options: {
  readonly knex: Knex;
  readonly entityRef: string;
  readonly direction: ImpactDirection;
  readonly mostNodes?: number;
}): Promise<ImpactWalk> {
  const { knex, entityRef, direction, mostNodes = MOST_NODES } = options;
  const nodes: ImpactNode[] = [];
  const visited = new Set([entityRef]);
  let cyclic = false;
  let step = [entityRef];
  for (let depth = 1; step.length > 0; depth++) {
    const rows: { source: string; target: string }[] = await knex('relations')
      .distinct({
        source: 'source_entity_ref',
        target: 'target_entity_ref',
      })
      // One parameter, however many there are
      .whereRaw('source_entity_ref = any(?)', [step])
      .whereIn('type', RELATIONS[direction])
      .orderBy([{ column: 'target' }, { column: 'source' }]);
    step = [];
    for (const { source, target } of rows) {
      cyclic ||= target === entityRef;
      if (visited.has(target)) {
        continue;
      }
      if (nodes.length >= mostNodes) {
        return { nodes, cyclic, truncated: true };
      }
      visited.add(target);
      nodes.push({ entityRef: target, depth, via: source });
      step.push(target);
    }
  }
  return { nodes, cyclic, truncated: false };
}
