import {
  ApiBlueprint,
  AppRootElementBlueprint,
  createExtensionInput,
  createFrontendModule,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import searchPlugin from '@backstage/plugin-search/alpha';
import {
  commandPaletteApiRef,
  DefaultCommandPaletteApi,
} from './api/CommandPaletteApi';
import { SearchClient, searchApiRef } from './api/SearchClient';
import { builtInActions } from './palette/builtInActions';
import { CommandPalette } from './palette/CommandPalette';
import { paletteActionDataRef } from './palette/PaletteActionBlueprint';

const paletteApi = ApiBlueprint.make({
  name: 'palette',
  params: defineParams =>
    defineParams({
      api: commandPaletteApiRef,
      deps: {},
      factory: () => new DefaultCommandPaletteApi(),
    }),
});

const searchApi = ApiBlueprint.make({
  name: 'search',
  params: defineParams =>
    defineParams({
      api: searchApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new SearchClient({ fetchApi }),
    }),
});

const palette = AppRootElementBlueprint.makeWithOverrides({
  inputs: { actions: createExtensionInput([paletteActionDataRef]) },
  factory: (originalFactory, { inputs }) =>
    originalFactory({
      element: (
        <CommandPalette
          actions={inputs.actions.map(action =>
            action.get(paletteActionDataRef),
          )}
        />
      ),
    }),
});

/**
 * The command palette.
 *
 * @public
 */
export const commandPalettePlugin = createFrontendPlugin({
  pluginId: 'command-palette',
  title: 'Command palette',
  info: { packageJson: () => import('../package.json') },
  extensions: [paletteApi, searchApi, palette, ...builtInActions],
});

/**
 * The page `/search`, in the place of the one of `@backstage/plugin-search`.
 *
 * @public
 */
export const searchPageModule = createFrontendModule({
  pluginId: 'search',
  extensions: [
    searchPlugin.getExtension('page:search').override({
      params: {
        noHeader: true,
        loader: () => import('./page/SearchPage').then(m => <m.SearchPage />),
      },
    }),
  ],
});
