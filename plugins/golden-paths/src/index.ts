export { goldenPathsPlugin as default, goldenPathsModule } from './plugin';
export { goldenPathsTranslationRef } from './translation';
