/**
 * Application and ServiceRequest: what a team says of its service, and the manifests that follow from it.
 *
 * @packageDocumentation
 */

export { compile, runsIn } from './compile';
export type { Compilation, CompiledManifest, CompileOptions } from './compile';
export { platformDefaultsSchema, standardDefaults } from './defaults';
export type { PlatformDefaults } from './defaults';
export { createInfrastructure, expand, printApplication } from './expand';
export type { Expansion, InfrastructureRequest } from './expand';
export { explain } from './explain';
export type { Explanation } from './explain';
export { Origins } from './output/Origins';
export {
  APPLICATION_FILE,
  printManifest,
  toFiles,
} from './output/printManifest';
export { printYaml } from './output/printYaml';
export type { JsonValue, Manifest } from './output/unwrap';
export type { FieldPath, Problem } from './Problem';
export {
  checkApplication,
  checkServiceRequest,
  readApplication,
  readServiceRequest,
} from './readApplication';
export type { ReadResult } from './readApplication';
export type { InfrastructureKind } from './resolve/bindingKinds';
export type { TargetEnvironment } from './resolve/Environment';
export { API_VERSION, applicationSchema } from './schema/Application';
export type {
  Application,
  ApplicationSpec,
  EnvironmentOverrides,
  Workload,
} from './schema/Application';
export {
  createApplicationJsonSchema,
  createServiceRequestJsonSchema,
} from './schema/jsonSchemas';
export { serviceRequestSchema } from './schema/ServiceRequest';
export type { ServiceRequest } from './schema/ServiceRequest';
export { MOST_CHARACTERS } from './text/parseText';
export type { SourceText } from './text/SourceText';
