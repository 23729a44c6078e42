import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words beside documentation pages.
 *
 * @public
 */
export const techdocsNativeTranslationRef = createTranslationRef({
  id: 'plugin.techdocs-native',
  messages: {
    build: {
      changed: 'Changed',
      pageUpdated: 'Updated',
      by: 'by {{name}}',
      confirmed: 'Confirmed',
      stale: 'Not changed for a year. It may be out of date.',
      confirm: 'It is still right',
      failed: 'These pages are older than their source',
      failedReader:
        'The last build failed, and its owners can see why. What is shown was built',
      failedOwner:
        'The last build failed. Readers see the pages of the build before, built',
      failedUnknown: 'The last build of these docs failed',
      neverBuilt: 'What is shown, if anything, may be older than its source.',
      problems_one: '{{count}} thing to fix in these docs',
      problems_other: '{{count}} things to fix in these docs',
      problemsNote: 'Only owners see this.',
      show: 'Show',
      hide: 'Hide',
      line: 'line {{line}}',
      severity: { error: 'Error', warning: 'Warning', info: 'Hint' },
    },
    feedback: {
      question: 'Was this page helpful?',
      yes: 'Yes',
      no: 'No',
      comment: 'What is missing or wrong? The owners will read it.',
      send: 'Send',
      thanks: 'Thank you. The owners can see your answer.',
      failed: 'Your answer could not be sent.',
      all: 'What readers say of these docs',
    },
    tools: {
      issue: 'Report an issue',
      wide: 'Wide pages',
      narrow: 'Narrow pages',
      print: 'Print',
      keys: 'Keys',
    },
    keys: {
      title: 'Keys',
      next: 'Next page',
      previous: 'Previous page',
      search: 'Search these docs',
      width: 'Wide or narrow pages',
      image: 'Enlarge the image that has the focus; arrows show others',
      help: 'This list',
      close: 'Close a dialog or an image',
    },
    image: {
      enlarge: 'Enlarge: {{name}}',
      unnamed: 'image',
    },
    diagram: {
      label: 'Diagram',
      failed: 'This diagram cannot be drawn: {{reason}}',
    },
  },
});
