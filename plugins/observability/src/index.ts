export { observabilityPlugin as default } from './plugin';
export { observabilityTranslationRef } from './translation';
