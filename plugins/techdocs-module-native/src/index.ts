/**
 * The docs home, and what authors and readers of documentation see beside its pages.
 *
 * @packageDocumentation
 */
export { techdocsModuleNative as default } from './module';
export { feedbackTranslationRef } from './feedback/feedbackTranslation';
export { docsHomeTranslationRef } from './home/homeTranslation';
export { techdocsNativeTranslationRef } from './translation';
