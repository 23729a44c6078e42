import type { AuditEvent } from '@waystone/plugin-audit-common';

/** The columns of an export. */
export const CSV_HEAD = [
  'id',
  'occurredAt',
  'plugin',
  'eventId',
  'severity',
  'outcome',
  'actor',
  'actorType',
  'entityRefs',
  'error',
  'meta',
  'ip',
  'userAgent',
  'method',
  'url',
  'requestId',
  'action',
  'stream',
  'sequence',
  'hash',
] as const;

/** An event as a line of a CSV file (RFC 4180), without the end of the line. */
export function toCsv(event: AuditEvent): string {
  return CSV_HEAD.map(column => {
    switch (column) {
      case 'entityRefs':
        return toCell(event.entityRefs.join(' '));
      case 'error':
        return toCell(
          event.error ? `${event.error.name}: ${event.error.message}` : '',
        );
      case 'meta':
        return toCell(event.meta ? JSON.stringify(event.meta) : '');
      default:
        return toCell(String(event[column] ?? ''));
    }
  }).join(',');
}

/** A text that begins like a formula would be run by a spreadsheet; an apostrophe in front keeps it a text. */
function toCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
