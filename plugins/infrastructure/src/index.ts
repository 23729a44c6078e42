export { infrastructurePlugin as default } from './plugin';
export { infrastructureTranslationRef } from './translation';
