/**
 * Renders TechDocs sites from mkdocs.yml and Markdown, without Python.
 *
 * @packageDocumentation
 */
export { DocsBuildError } from './diagnostics/DocsBuildError';
export type {
  DocsProblem,
  DocsProblemCode,
  DocsProblemSeverity,
} from './diagnostics/DocsProblem';
export type {
  Diagram,
  DiagramDrawer,
  DiagramOutcome,
} from './diagrams/DiagramDrawer';
export { KROKI_TYPES, PLANTUML_TYPES } from './diagrams/diagramType';
export { RenderPool } from './pool/RenderPool';
export type { RenderPoolOptions } from './pool/RenderPool';
export type { BuildRequest } from './pool/messages';
export { MemoryRenderer } from './pool/MemoryRenderer';
export { SiteRenderer } from './pool/SiteRenderer';
export type {
  PageRenderer,
  PageToWrite,
  WriteContext,
} from './pool/SiteRenderer';
export { buildSite } from './site/buildSite';
export type {
  BuildReport,
  BuildSiteOptions,
  PageInfo,
  SitePlan,
} from './site/buildSite';
export { readSiteHistory } from './site/readSiteHistory';
export type { FileChange, SiteHistory } from './site/readSiteHistory';
export { DEFAULT_SITE_LIMITS } from './site/SiteLimits';
export { fingerprintSite } from './site/fingerprintSite';
export { rendererVersion } from './site/rendererVersion';
export type { SiteFiles } from './site/SiteOutput';
export type { SiteLimits } from './site/SiteLimits';
