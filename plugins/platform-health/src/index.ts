export { platformHealthPlugin as default } from './plugin';
export { platformHealthTranslationRef } from './translation';
