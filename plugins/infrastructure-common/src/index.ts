/**
 * The contract of infrastructure on request.
 *
 * @packageDocumentation
 */

export * from './annotations';
export * from './connection';
export * from './offering';
export * from './permissions';
export * from './preview';
export * from './request';
export * from './status';
