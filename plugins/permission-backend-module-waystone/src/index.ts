/**
 * Permission policy by roles, from a file.
 *
 * @packageDocumentation
 */

export { permissionModuleWaystone as default } from './module';
