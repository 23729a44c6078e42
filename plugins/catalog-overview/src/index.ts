export { catalogOverviewPlugin as default } from './plugin';
export { catalogIndexModule } from './listing/catalogIndexModule';
export { catalogListingTranslationRef } from './listing/translation';
export { catalogOverviewTranslationRef } from './translation';
export { catalogHistoryTranslationRef } from './history/translation';
export { catalogOwnershipTranslationRef } from './ownership/translation';
export { catalogProblemsTranslationRef } from './problems/translation';
