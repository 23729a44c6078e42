/**
 * Permission policy by roles.
 *
 * @packageDocumentation
 */

export { permissionModuleWaystone as default } from './module';
export type { Role } from './roles';
export { memberRules, type Verdict } from './rules';
