export { catalogOverviewPlugin as default } from './plugin';
export { catalogOverviewTranslationRef } from './translation';
export { catalogProblemsTranslationRef } from './problems/translation';
