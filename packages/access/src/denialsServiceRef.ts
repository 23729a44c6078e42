import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { Denials } from './Denials';
import { Helpers } from './Helpers';

/**
 * What a plugin does with refusals.
 *
 * @public
 */
export const denialsServiceRef = createServiceRef<Denials>({
  id: 'waystone.denials',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        logger: coreServices.logger,
      },
      factory: ({ auditor, auth, httpAuth, ...services }) =>
        new Denials({
          auditor,
          auth,
          httpAuth,
          helpers: new Helpers({ auth, ...services }),
        }),
    }),
});
