/**
 * The contract of infrastructure on request.
 *
 * @packageDocumentation
 */

export * from './annotations';
export * from './backup';
export * from './connection';
export * from './deletion';
export * from './discovery';
export * from './offering';
export * from './permissions';
export * from './preview';
export * from './request';
export * from './status';
