export {
  catalogFixSchema,
  catalogProblemSchema,
  problemSeveritySchema,
  textEditSchema,
} from './CatalogProblem';
export type {
  CatalogFix,
  CatalogProblem,
  ProblemSeverity,
  TextEdit,
} from './CatalogProblem';
export { applyEdits, checkCatalogFile } from './checkCatalogFile';
export type { CheckOptions, CheckResult } from './checkCatalogFile';
export { checkFields, isSafeLink } from './checkFields';
export type { FieldFinding, FieldsOfEntity } from './checkFields';
export { createEditorSchema, waystoneAnnotationsSchema } from './editorSchema';
export { foreignKinds, knownKinds } from './entityModel';
export { MOST_CHARACTERS } from './parseCatalogFile';
export {
  describeStack,
  parseStacks,
  stackSchema,
  stacksFileSchema,
  stackStateSchema,
  stackVersionSchema,
} from './stacks';
export type { Stack, StackState, StackVersion } from './stacks';
export { toLineDiff } from './toLineDiff';
export type { LineDiff } from './toLineDiff';
export { waystoneAnnotations, waystoneFields } from './waystoneFields';
export type { WaystoneField } from './waystoneFields';
