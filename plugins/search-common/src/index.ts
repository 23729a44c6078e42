export { findMatches } from './findMatches';
export type { TextMatch } from './findMatches';
export {
  parseSearchCursor,
  SEARCH_MOST_RESULTS,
  SEARCH_PAGE_SIZE,
  searchDocumentInputSchema,
  searchDocumentsInputSchema,
  searchGroups,
  searchGroupSchema,
  searchQuerySchema,
  searchResponseSchema,
  searchResultSchema,
} from './search';
export type {
  SearchDocumentInput,
  SearchDocumentsInput,
  SearchGroup,
  SearchQuery,
  SearchQueryInput,
  SearchResponse,
  SearchResult,
} from './search';
export {
  compactText,
  LONGEST_QUESTION,
  MOST_QUESTION_WORDS,
  normalizeText,
  splitQuestion,
  splitWords,
} from './searchText';
