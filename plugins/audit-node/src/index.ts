/**
 * How audit events get from all plugins to the audit plugin.
 *
 * @packageDocumentation
 */

export { auditorServiceFactory } from './auditorServiceFactory';
export type { AuditRecord, AuditSink } from './AuditRecord';
export type { AuditTrail, AuditTrailStatus } from './AuditTrail';
export { auditTrailServiceRef } from './auditTrailServiceRef';
export { BufferedAuditTrail } from './BufferedAuditTrail';
export { findEntityRefs } from './findEntityRefs';
export { readSeverityLogLevels } from './readSeverityLogLevels';
export type { SeverityLogLevels } from './readSeverityLogLevels';
export { isAudited, RecordingAuditor } from './RecordingAuditor';
export type {
  AttributedEventOptions,
  RecordingAuditorOptions,
} from './RecordingAuditor';
export { redactMeta } from './redactMeta';
export { REDACTED, redactText } from './redactText';
export { UnstorableRecordError } from './UnstorableRecordError';
