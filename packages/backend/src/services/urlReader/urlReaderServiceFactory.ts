import {
  UrlReaders,
  urlReaderFactoriesServiceRef,
} from '@backstage/backend-defaults/urlReader';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { createGuardedAgent } from './guardedAgent';
import { GuardedUrlReader } from './GuardedUrlReader';
import {
  installOutboundContext,
  verifyOutboundContext,
} from './outboundContext';
import { OutboundPolicy } from './OutboundPolicy';

/**
 * Replaces the URL reader of `@backstage/backend-defaults` with one that reaches
 * public addresses only.
 *
 * @remarks
 *
 * Upstream decides by host name. A name that is allowed may point to an address
 * inside, or redirect there.
 *
 * @public
 */
export const urlReaderServiceFactory = createServiceFactory({
  service: coreServices.urlReader,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    factories: urlReaderFactoriesServiceRef,
  },
  async createRootContext({ config }) {
    installOutboundContext();
    await verifyOutboundContext();
    return createGuardedAgent(OutboundPolicy.fromConfig(config));
  },
  async factory({ config, logger, factories }, dispatcher) {
    return new GuardedUrlReader({
      reader: UrlReaders.default({ config, logger, factories }),
      dispatcher,
    });
  },
});
