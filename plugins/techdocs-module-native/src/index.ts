/**
 * What authors and readers of documentation see beside its pages.
 *
 * @packageDocumentation
 */
export { techdocsModuleNative as default } from './module';
export { techdocsNativeTranslationRef } from './translation';
