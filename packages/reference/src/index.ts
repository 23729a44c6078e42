/**
 * Writes the reference pages of the documentation from the sources.
 *
 * @packageDocumentation
 */
export { createReference } from './createReference';
