/**
 * What was made by infrastructure on request, as Resources of the catalog.
 *
 * @packageDocumentation
 */

export { catalogModuleInfrastructure as default } from './module';
