export {
  createdKindSchema,
  createdResourceSchema,
  createdStateSchema,
  inventorySchema,
  removalPreviewSchema,
  removalRequestSchema,
  removalResultSchema,
  removalStepSchema,
} from './inventory';
export type {
  CreatedKind,
  CreatedResource,
  CreatedState,
  Inventory,
  RemovalPreview,
  RemovalResult,
  RemovalStep,
} from './inventory';
export {
  filledFormSchema,
  forgeListSchema,
  nameCheckSchema,
  previewRequestSchema,
  previewSchema,
  serviceRequestFileSchema,
  verdictSchema,
} from './preview';
export type {
  FilledForm,
  ForgeList,
  NameCheck,
  Preview,
  Verdict,
} from './preview';
export {
  templateChangeSchema,
  templateVersionsQuerySchema,
  templateVersionsSchema,
} from './versions';
export type { TemplateChange, TemplateVersions } from './versions';
export { findRegexProblem } from './lint/findRegexProblem';
export { readLintOptions } from './lint/readLintOptions';
export { lintTemplate, lintText, standardActions } from './lint/lintTemplate';
export type { LintOptions, TemplateProblem } from './lint/lintTemplate';
