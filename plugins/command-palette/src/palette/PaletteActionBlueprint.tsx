import {
  createExtensionBlueprint,
  createExtensionDataRef,
} from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import type { ReactElement } from 'react';

/**
 * Something that can be done from the command palette. It has an `href`, or it runs.
 *
 * @public
 */
export interface PaletteAction {
  /** A verb and what it is done to: 'Request a database'. */
  readonly title: string;
  /** Words that people may type instead. */
  readonly keywords?: readonly string[];
  readonly icon: ReactElement;
  /** A path in the portal. */
  readonly href?: string;
  run?(context: { readonly apis: ApiHolder }): void | Promise<void>;
}

/** @public */
export const paletteActionDataRef =
  createExtensionDataRef<PaletteAction>().with({
    id: 'command-palette.action',
  });

/**
 * Adds an action to the command palette.
 *
 * @public
 */
export const PaletteActionBlueprint = createExtensionBlueprint({
  kind: 'palette-action',
  attachTo: { id: 'app-root-element:command-palette', input: 'actions' },
  output: [paletteActionDataRef],
  dataRefs: { action: paletteActionDataRef },
  factory: (params: PaletteAction) => [paletteActionDataRef(params)],
});
