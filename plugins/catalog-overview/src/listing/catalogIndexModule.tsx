import {
  coreExtensionData,
  createFrontendModule,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';

const catalogPage = catalogPlugin.getExtension('page:catalog').override({
  *factory(originalFactory, { node }) {
    // Path, title and what other plugins attach stay as they are.
    for (const value of originalFactory()) {
      if (value.id !== coreExtensionData.reactElement.id) {
        yield value;
      }
    }
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, () =>
        import('./CatalogIndexPage').then(m => <m.CatalogIndexPage />),
      ),
    );
  },
});

/**
 * The index of the catalog in place of the stock one.
 *
 * @public
 */
export const catalogIndexModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [catalogPage],
});
