import type { BuildQueue } from '../queue/BuildQueue';
import type { DocumentedEntities } from './DocumentedEntities';

/**
 * Looks at the source of every entity's docs and builds what has changed. The next reader finds it built: nobody waits,
 * and search knows docs that nobody has opened.
 */
export async function refreshDocs(options: {
  readonly entities: DocumentedEntities;
  readonly queue: BuildQueue;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { entities, queue, signal } = options;
  const refs = await entities.refs();
  signal.throwIfAborted();
  queue.look(refs);
  const aborted = new Promise<void>(resolve =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([queue.idle(), aborted]);
}
