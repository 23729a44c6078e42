/**
 * The contract of the audit.
 *
 * @packageDocumentation
 */

export {
  AUDIT_COUNTED,
  AUDIT_EXPORT_MOST,
  AUDIT_MOST,
  AUDIT_PAGE_SIZE,
  auditEntityQuerySchema,
  auditEventsResponseSchema,
  auditExportQuerySchema,
  auditFacetsResponseSchema,
  auditFilterSchema,
  auditQuerySchema,
  auditStatusResponseSchema,
} from './contract';
export type {
  AuditEventsResponse,
  AuditFacetsResponse,
  AuditFilter,
  AuditQuery,
  AuditStatusResponse,
} from './contract';
export {
  AUDIT_OUTCOMES,
  AUDIT_SEVERITIES,
  auditActorTypeSchema,
  auditEventSchema,
  auditOutcomeSchema,
  auditSeveritySchema,
} from './event';
export type {
  AuditActorType,
  AuditEvent,
  AuditOutcome,
  AuditSeverity,
} from './event';
export {
  auditEntityReadPermission,
  auditEventReadPermission,
  auditPermissions,
} from './permissions';
