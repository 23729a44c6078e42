import type { ReactElement } from 'react';

/** A row of the palette. @internal */
export interface PaletteEntry {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  /** What it is, at the end of the row. */
  readonly kind?: string;
  readonly icon: ReactElement;
  readonly href?: string;
  /** Words that find it besides its title. */
  readonly keywords?: readonly string[];
  run?(): void;
}

/** Rows under a heading. @internal */
export interface PaletteSection {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

/** The id of the row that leads to the search page. @internal */
export const ALL_RESULTS = 'all-results';
