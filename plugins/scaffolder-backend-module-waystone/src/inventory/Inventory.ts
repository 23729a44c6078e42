import type { CreatedKind } from '@waystone/plugin-golden-paths-common';

/** Something that a run is about to make. */
export interface NewResource {
  readonly kind: CreatedKind;
  /** Its name, for people. */
  readonly title: string;
  readonly url?: string;
  /** What it takes to find it again. No secrets. */
  readonly reference: Readonly<Record<string, string>>;
}

/** An entry of the inventory while its action runs. */
export interface Announcement {
  /** Whether an earlier attempt of the same run has announced it: what is there is then its own. */
  readonly repeated: boolean;
  /** It is there. */
  confirm(found?: {
    readonly url?: string;
    readonly reference?: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** It was not made by this run. */
  withdraw(): Promise<void>;
}

/**
 * What runs have made.
 *
 * @remarks
 * Actions announce what they are about to make, and confirm it when it is there. A process that dies in between leaves
 * an announcement, so nothing is made that the inventory has never heard of.
 */
export interface Inventory {
  announce(taskId: string, resource: NewResource): Promise<Announcement>;
}
