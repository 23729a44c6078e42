import {
  ApiBlueprint,
  coreExtensionData,
  createFrontendModule,
  createFrontendPlugin,
  ExtensionBoundary,
  fetchApiRef,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import type { ExtensionDataValue } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { RiRouteLine } from '@remixicon/react';
import { goldenPathsApiRef, GoldenPathsClient } from './api/GoldenPathsClient';
import { madeByGoldenPath } from './versions/madeByGoldenPath';

const goldenPathsApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: goldenPathsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new GoldenPathsClient({ fetchApi }),
    }),
});

const goldenPathCard = EntityCardBlueprint.make({
  name: 'golden-path',
  params: {
    type: 'info',
    filter: madeByGoldenPath,
    loader: () =>
      import('./versions/GoldenPathCard').then(m => <m.GoldenPathCard />),
  },
});

/**
 * Golden paths.
 *
 * @public
 */
export const goldenPathsPlugin = createFrontendPlugin({
  pluginId: 'golden-paths',
  title: 'Golden paths',
  icon: <RiRouteLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [goldenPathsApi, goldenPathCard],
});

const tasksPage = scaffolderPlugin
  .getExtension('sub-page:scaffolder/tasks')
  .override({
    *factory(originalFactory, { node }) {
      yield* around(originalFactory(), original =>
        ExtensionBoundary.lazy(node, () =>
          import('./inventory/TasksPage').then(m => (
            <m.TasksPage>{original}</m.TasksPage>
          )),
        ),
      );
    },
  });

const templatesPage = scaffolderPlugin
  .getExtension('sub-page:scaffolder/templates')
  .override({
    *factory(originalFactory, { node }) {
      yield* around(originalFactory(), original =>
        ExtensionBoundary.lazy(node, () =>
          import('./paths/TemplatesPage').then(m => (
            <m.TemplatesPage>{original}</m.TemplatesPage>
          )),
        ),
      );
    },
  });

const fromFilePage = SubPageBlueprint.make({
  name: 'from-file',
  params: {
    path: 'from-file',
    title: 'From a file',
    loader: () => import('./form/FromFilePage').then(m => <m.FromFilePage />),
  },
});

const formFields = [
  FormFieldBlueprint.make({
    name: 'golden-path-advanced',
    params: {
      field: () => import('./form/AdvancedField').then(m => m.AdvancedField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'golden-path-name',
    params: { field: () => import('./form/NameField').then(m => m.NameField) },
  }),
  FormFieldBlueprint.make({
    name: 'golden-path-forge',
    params: {
      field: () => import('./form/ForgeField').then(m => m.ForgeField),
    },
  }),
  FormFieldBlueprint.make({
    name: 'golden-path-preview',
    params: {
      field: () => import('./form/PreviewField').then(m => m.PreviewField),
    },
  }),
];

/**
 * What golden paths add to the pages of the scaffolder.
 *
 * @public
 */
export const goldenPathsModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [templatesPage, tasksPage, fromFilePage, ...formFields],
});

/** What a stock page consists of, with another element that has the stock one in it. */
function* around(
  values: Iterable<ExtensionDataValue<any, any>>,
  wrap: (original: JSX.Element) => JSX.Element,
) {
  for (const value of values) {
    yield value.id === coreExtensionData.reactElement.id
      ? coreExtensionData.reactElement(wrap(value.value as JSX.Element))
      : value;
  }
}
