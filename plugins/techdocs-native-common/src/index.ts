/**
 * The contract of the TechDocs module's own routes.
 *
 * @packageDocumentation
 */
export {
  docsBuildSchema,
  docsFeedbackListSchema,
  docsFeedbackSchema,
  docsProblemSchema,
} from './docsBuild';
export type {
  DocsBuild,
  DocsFeedback,
  DocsFeedbackList,
  DocsProblemReport,
} from './docsBuild';
