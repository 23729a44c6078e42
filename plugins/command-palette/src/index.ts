export { commandPaletteApiRef } from './api/CommandPaletteApi';
export type { CommandPaletteApi } from './api/CommandPaletteApi';
export {
  PaletteActionBlueprint,
  paletteActionDataRef,
} from './palette/PaletteActionBlueprint';
export type { PaletteAction } from './palette/PaletteActionBlueprint';
export { commandPalettePlugin as default, searchPageModule } from './plugin';
export { commandPaletteTranslationRef } from './translation';
