import type { CompoundEntityRef } from '@backstage/catalog-model';

/** Which entity a folder was prepared for. TechDocs tells a generator the folder, but not whose docs are in it. */
export class PreparedSources {
  readonly #entities = new Map<string, Map<string, PreparedSource>>();

  /** @param directory - The folder that the preparer gave. */
  add(directory: string, source: PreparedSource): void {
    const known = this.#entities.get(directory) ?? new Map();
    known.set(source.entityRef, source);
    this.#entities.set(directory, known);
  }

  /** All entities whose docs are in the folder; each is told of at most once. */
  take(directory: string): readonly PreparedSource[] {
    const known = this.#entities.get(directory);
    this.#entities.delete(directory);
    return known ? [...known.values()] : [];
  }
}

/** What is known of a source before it is built. */
export interface PreparedSource {
  readonly entityRef: string;
  readonly entity: CompoundEntityRef;
  /** When the newest file was written, for sources on this machine. */
  readonly changedAt?: Date;
  /** Whether the folder is the operator's own, rather than an archive from elsewhere. */
  readonly local: boolean;
}
