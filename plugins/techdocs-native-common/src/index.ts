/**
 * The contract of the TechDocs module's own routes.
 *
 * @packageDocumentation
 */
export {
  docsFeedbackHandledSchema,
  docsFeedbackItemSchema,
  docsFeedbackQuerySchema,
  docsFeedbackReportSchema,
  docsFeedbackWaitingQuerySchema,
  docsFeedbackWaitingSchema,
} from './docsFeedback';
export type {
  DocsFeedbackHandled,
  DocsFeedbackItem,
  DocsFeedbackQuery,
  DocsFeedbackReport,
  DocsFeedbackWaiting,
  DocsFeedbackWaitingQuery,
} from './docsFeedback';
export { docsPageSchema, docsReadSchema } from './docsPage';
export type { DocsPage, DocsRead } from './docsPage';
export { docsReadsQuerySchema, docsSiteReadsSchema } from './docsReads';
export type { DocsReadsQuery, DocsSiteReads } from './docsReads';
export {
  docsSiteSchema,
  docsSitesQuerySchema,
  docsSitesResponseSchema,
} from './docsSites';
export type { DocsSite, DocsSitesQuery, DocsSitesResponse } from './docsSites';
export {
  docsBuildSchema,
  docsBuildsSchema,
  docsFeedbackSchema,
  docsProblemSchema,
} from './docsBuild';
export type {
  DocsBuild,
  DocsBuilds,
  DocsFeedback,
  DocsProblemReport,
} from './docsBuild';
