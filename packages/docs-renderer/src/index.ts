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
export { RenderPool } from './pool/RenderPool';
export type { RenderPoolOptions } from './pool/RenderPool';
export type { BuildRequest } from './pool/messages';
export { SiteRenderer } from './pool/SiteRenderer';
export type {
  PageRenderer,
  PageToWrite,
  WriteContext,
} from './pool/SiteRenderer';
export { buildSite } from './site/buildSite';
export type { BuildReport, BuildSiteOptions } from './site/buildSite';
export { DEFAULT_SITE_LIMITS } from './site/SiteLimits';
export { fingerprintSite, RENDERER_VERSION } from './site/fingerprintSite';
export type { SiteLimits } from './site/SiteLimits';
