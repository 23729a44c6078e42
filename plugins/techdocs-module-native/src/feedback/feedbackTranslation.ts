import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of the page on which owners read what is said of their docs.
 *
 * @public
 */
export const feedbackTranslationRef = createTranslationRef({
  id: 'plugin.techdocs-native.feedback',
  messages: {
    title: 'What readers say: {{name}}',
    inbox_one: '{{name}}: a reader says something of its docs',
    inbox_other: '{{name}}: {{count}} readers say something of its docs',
    back: 'Back to the docs',
    summary: '{{helpful}} helped, {{unhelpful}} not helped, {{open}} open.',
    label: 'Feedback',
    loading: 'Reading the feedback …',
    failed: 'The feedback could not be read',
    denied: 'Only the owners of these docs may read what readers say.',
    deniedHelp:
      'If you should own them, ask the owner of the entity to add you to the team.',
    none: 'Nobody has said anything yet.',
    noMatch: 'Nothing here.',
    noneHelp:
      'Readers are asked below each page whether it helped. What they answer is listed here.',
    startPage: 'Start page',
    helpful: 'Helped',
    unhelpful: 'Did not help',
    handle: 'Mark as dealt with',
    reopen: 'Open again',
    handledOn: 'Dealt with',
    by: 'by',
    markFailed: 'This could not be saved: {{reason}}',
    filters: {
      label: 'Filters',
      state: 'State',
      open: 'Open',
      handled: 'Dealt with',
      all: 'All',
      page: 'Page',
      allPages: 'All pages',
      counts: '{{helpful}} helped, {{unhelpful}} not',
    },
  },
});
