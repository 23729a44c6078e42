import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { auditTrailServiceRef } from './auditTrailServiceRef';
import { readSeverityLogLevels } from './readSeverityLogLevels';
import { RecordingAuditor } from './RecordingAuditor';

/**
 * Replaces the auditor of `@backstage/backend-defaults`: what it writes to the log also goes to the audit trail.
 *
 * @public
 */
export const auditorServiceFactory = createServiceFactory({
  service: coreServices.auditor,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
    trail: auditTrailServiceRef,
  },
  factory({ auth, config, httpAuth, logger, plugin, trail }) {
    return RecordingAuditor.create({
      auth,
      httpAuth,
      levels: readSeverityLogLevels(config),
      logger,
      pluginId: plugin.getId(),
      trail,
    });
  },
});
