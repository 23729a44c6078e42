export { inboxApi, inboxApiRef } from './inboxApi';
export type { InboxApi } from './inboxApi';
export { InboxList } from './InboxList';
export type {
  InboxAudience,
  InboxItem,
  InboxQuestion,
  InboxSource,
} from './InboxSource';
export {
  InboxSourceBlueprint,
  inboxSourceDataRef,
} from './InboxSourceBlueprint';
export { readWords } from './readWords';
export { inboxTranslationRef } from './translation';
export { useInbox } from './useInbox';
export type { Inbox, InboxEntry } from './useInbox';
