import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { auditorServiceFactory } from '@waystone/plugin-audit-node';
import { databaseServiceFactory } from './database';
import { rootHealthServiceFactory } from './rootHealth';
import { rootHttpRouterServiceFactory } from './rootHttpRouter';
import { startGateServiceFactory } from './startGate';
import { urlReaderServiceFactory } from './urlReader';

/**
 * The core services that Waystone replaces, because the stock ones do not survive
 * a lost database, an abusive client or a hostile URL, or keep no audit. See the package's README.
 *
 * @public
 */
const safeGround = createBackendFeatureLoader({
  loader: () => [
    auditorServiceFactory,
    databaseServiceFactory,
    rootHealthServiceFactory,
    rootHttpRouterServiceFactory,
    startGateServiceFactory,
    urlReaderServiceFactory,
  ],
});

export default safeGround;
