/**
 * Actions of golden paths.
 *
 * @packageDocumentation
 */

export { scaffolderModuleWaystone as default } from './module';
