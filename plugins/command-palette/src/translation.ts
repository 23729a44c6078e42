import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of the command palette and the search page.
 *
 * @public
 */
export const commandPaletteTranslationRef = createTranslationRef({
  id: 'plugin.command-palette',
  messages: {
    palette: {
      label: 'Command palette',
      input: 'Search for services, people, APIs, docs and actions',
      close: 'Close',
      list: 'Results',
      found_one: '{{count}} result',
      found_other: '{{count}} results',
      searching: 'Searching …',
      recent: 'Recently visited',
      goTo: 'Go to',
      actions: 'Actions',
      all: 'All results for “{{query}}”',
      nothing: 'Nothing matches “{{query}}”',
      nothingHelp:
        'Names, words of descriptions, paths of APIs and headings of docs are found, with a typing error too. What you may not see is not.',
      failed: 'Search does not answer',
      failedHelp: 'Pages and actions still do.',
      retry: 'Try again',
      move: 'to choose',
      open: 'to open',
      newTab: 'in a new tab',
      dismiss: 'to close',
    },
    group: {
      services: 'Services',
      people: 'People and teams',
      apis: 'APIs and operations',
      docs: 'Docs',
    },
    kind: {
      component: 'Component',
      system: 'System',
      domain: 'Domain',
      resource: 'Resource',
      template: 'Template',
      api: 'API',
      group: 'Team',
      user: 'Person',
      operation: 'Operation',
      docs: 'Docs',
    },
    page: {
      title: 'Search',
      input: 'Search',
      all: 'All',
      groups: 'What to search',
      kind: 'Kind',
      anyKind: 'Any kind',
      owner: 'Owner',
      removeOwner: 'Of any owner',
      ofOwner: 'Of {{owner}}',
      found_one: '{{count}} result',
      found_other: '{{count}} results',
      more: 'More than {{most}} results. Add a word to narrow them down.',
      empty: 'Type what you look for',
      emptyHelp:
        'Services, people and teams, APIs with their operations, and docs by heading. Or choose a kind to list it.',
      nothing: 'Nothing matches',
      nothingHelp:
        'Try fewer words, or remove a filter. What you may not see is not found.',
      clear: 'Remove filters',
      failed: 'Search does not answer',
      results: 'Results',
    },
  },
});
