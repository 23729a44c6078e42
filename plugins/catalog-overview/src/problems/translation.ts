import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words for what is wrong with entries of the catalog.
 *
 * @public
 */
export const catalogProblemsTranslationRef = createTranslationRef({
  id: 'plugin.catalog-overview.problems',
  messages: {
    strip: {
      label: 'Problems of the catalog entry',
      title_one: '{{count}} problem in the catalog entry',
      title_other: '{{count}} problems in the catalog entry',
      outdated:
        'The newest version could not be taken. The last good version is shown, from',
      outdatedUnknown:
        'The newest version could not be taken. The last good version is shown.',
      show: 'Show what is wrong',
      hide: 'Hide',
      all: 'All catalog problems',
      unreadable: 'There are no lines and patches: {{reason}}',
    },
    problem: {
      error: 'Error',
      warning: 'Warning',
      place: '{{file}}:{{line}}:{{column}}',
      patch: 'Patch',
      patchLabel: 'Patch for line {{line}}',
      copy: 'Copy the new lines',
      copied: 'Copied',
    },
    page: {
      title: 'Catalog problems',
      loading: 'Looking for problems …',
      everybody: '{{errors}} errors and {{warnings}} warnings in the catalog.',
      mine: '{{errors}} errors and {{warnings}} warnings in what you and your teams own.',
      none: 'Nothing is wrong with any entry that you may see.',
      noneHelp:
        'Broken files, unknown owners and missing runbooks would be listed here.',
      noMatch: 'Nothing matches these filters.',
      clear: 'Clear the filters',
      failed: 'The problems could not be read',
      retry: 'Try again',
      search: 'Filter by entity or problem',
      severity: 'Severity',
      allSeverities: 'Errors and warnings',
      errors: 'Errors',
      warnings: 'Warnings',
      owner: 'Owner',
      allOwners: 'All owners',
      kind: 'Kind',
      allKinds: 'All kinds',
      more: 'Show more',
      shown: '{{shown}} of {{total}} shown',
    },
    table: {
      label: 'Problems',
      entity: 'Entity',
      severity: 'Severity',
      problem: 'Problem',
      owner: 'Owner',
      actions: 'Actions',
      nobody: 'Nobody',
      refresh: 'Refresh',
      refreshLabel: 'Refresh {{entity}}',
      refreshed: '{{entity}} will be read again in a moment.',
      remove: 'Remove',
      removeLabel: 'Remove {{entity}}',
      removed: '{{entity}} was removed from the catalog.',
      actionFailed: 'That did not work for {{entity}}',
    },
    dialog: {
      title: 'Remove {{entity}} from the catalog',
      text: 'Nothing brings this entity to the catalog any more. Its page, its relations and its history in the portal go with it. If its file is registered again, it comes back.',
      cancel: 'Keep it',
      confirm: 'Remove from the catalog',
    },
  },
});
