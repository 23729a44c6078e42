export { governancePlugin as default } from './plugin';
export { governanceTranslationRef } from './translation';
