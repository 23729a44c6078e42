/**
 * What assistants may ask the portal.
 *
 * @packageDocumentation
 */

import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { createActionsModule } from './createActionsModule';
import { registerCatalogActions } from './registerCatalogActions';
import { registerDeliveryActions } from './registerDeliveryActions';

/**
 * The read actions of Waystone's plugins, for the actions registry.
 *
 * @public
 */
const waystoneActions = createBackendFeatureLoader({
  loader: () => [
    createActionsModule({
      pluginId: 'catalog',
      register: registerCatalogActions,
    }),
    createActionsModule({
      pluginId: 'delivery',
      register: registerDeliveryActions,
    }),
  ],
});

export default waystoneActions;
