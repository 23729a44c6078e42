/**
 * What all backends do when somebody may not do something.
 *
 * @packageDocumentation
 */

export type { Denials } from './Denials';
export { denialsServiceRef } from './denialsServiceRef';
export { PermissionDeniedError } from './PermissionDeniedError';
export { requirePermission } from './requirePermission';
export { Repetitions } from './Repetitions';
