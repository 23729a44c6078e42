import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of the docs home.
 *
 * @public
 */
export const docsHomeTranslationRef = createTranslationRef({
  id: 'plugin.techdocs-native.home',
  messages: {
    title: 'Docs',
    summary_one: 'Docs of {{count}} entity.',
    summary_other: 'Docs of {{count}} entities.',
    summaryStale_one: '{{count}} was not changed for a year.',
    summaryStale_other: '{{count}} were not changed for a year.',
    loading: 'Reading the list of docs …',
    failed: 'The list of docs could not be read',
    views: {
      label: 'Views',
      system: 'By system',
      changed: 'Recently changed',
      reads: 'Most read',
      stale: 'Stale',
      mine: 'Mine',
      counted: '{{name}} ({{number}})',
    },
    filters: {
      label: 'Filters',
      search: 'Search all docs',
      system: 'System',
      allSystems: 'All systems',
      owner: 'Owner',
      allOwners: 'All owners',
    },
    table: {
      label: 'Docs',
      title: 'Docs',
      system: 'System',
      owner: 'Owner',
      changed: 'Changed',
      reads: 'Read in 30 days',
      noSystem: 'Without a system',
      nobody: 'Nobody',
      pages_one: '{{count}} page',
      pages_other: '{{count}} pages',
      problems_one: '{{count}} thing to fix',
      problems_other: '{{count}} things to fix',
      failed: 'Last build failed',
      notBuilt: 'Not built yet',
      feedback: 'Feedback',
      stale: 'Stale',
      confirmed: 'confirmed',
      by: 'by {{name}}',
    },
    empty: {
      none: 'There are no docs yet.',
      noneHelp:
        'Put Markdown into a folder named docs beside catalog-info.yaml, and the annotation backstage.io/techdocs-ref: dir:. into that file.',
      noMatch: 'No docs match these filters.',
      noMine: 'You and your teams have no docs.',
      noMineHelp: 'Docs of what your teams own are listed here.',
      noStale: 'All docs were changed or confirmed within the last year.',
      clear: 'Clear the filters',
    },
    sections: {
      title: 'In the pages',
      label: 'Sections that match',
      sites: 'Docs with this name',
      searching: 'Searching the pages …',
      none: 'No section of any page matches.',
      failed: 'The pages could not be searched: {{reason}}',
      all: 'All results',
      in: 'in {{site}}',
    },
  },
});
