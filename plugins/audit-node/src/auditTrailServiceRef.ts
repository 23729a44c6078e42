import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import type { AuditTrail } from './AuditTrail';
import { BufferedAuditTrail } from './BufferedAuditTrail';

/**
 * One trail for the whole backend. The auditors of all plugins write to it; the audit plugin stores what it has.
 *
 * @public
 */
export const auditTrailServiceRef = createServiceRef<AuditTrail>({
  id: 'waystone.audit-trail',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { logger: coreServices.rootLogger },
      factory({ logger }) {
        return BufferedAuditTrail.create({
          logger: logger.child({ service: 'auditTrail' }),
        });
      },
    }),
});
