export { wordsModule } from './wordsModule';
export { shellTranslationRef } from './shellTranslationRef';
