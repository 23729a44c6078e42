import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words for teams, people and what they own.
 *
 * @public
 */
export const catalogOwnershipTranslationRef = createTranslationRef({
  id: 'plugin.catalog-overview.ownership',
  messages: {
    page: {
      loading: 'Reading what it owns …',
      failed: 'What it owns could not be read',
      about: 'About',
      noDescription:
        'Nobody has described it yet: metadata.description of its catalog file is empty.',
    },
    contact: {
      title: 'How to reach them',
      onCall: 'Who is on call',
      docs: 'Documentation',
      none: 'It names neither chat nor on-call nor mail. Its catalog file can: spec.profile.email, metadata.links, waystone.dev/on-call.',
    },
    waiting: {
      title: 'What needs the team',
      empty: 'Nothing waits for this team',
      emptyHelp:
        'Nothing that it owns is known to be broken, and nobody asks it for anything, as far as you may see.',
    },
    people: {
      title: 'People',
      none: 'Nobody is in this team.',
      noneHelp:
        'What it owns is listed among what nobody looks after, until somebody joins it or another team takes over.',
      lead: 'leads',
      more_one: 'and {{count}} more',
      more_other: 'and {{count}} more',
    },
    teams: {
      below: 'Teams below',
      of: 'Teams',
      above: 'Part of',
      facts: '{{members}}, {{owns}}',
      members_one: '{{count}} person',
      members_other: '{{count}} people',
      owns_one: 'owns {{count}} entity',
      owns_other: 'owns {{count}} entities',
      noTeam: 'She or he is in no team.',
    },
    owned: {
      title: 'What it owns',
      titlePerson: 'What they own',
      none: 'It owns nothing that you may see.',
      noneHelp:
        'Entities appear here when their catalog file names it under spec.owner.',
      label: 'Owned entities',
      name: 'Name',
      kind: 'Kind',
      lifecycle: 'Lifecycle',
      tier: 'Tier',
      owner: 'Owner',
      problems: 'Problems',
      noProblems: 'None',
      errors_one: '{{count}} error',
      errors_other: '{{count}} errors',
      warnings_one: '{{count}} warning',
      warnings_other: '{{count}} warnings',
      total_one: '{{count}} entity',
      total_other: '{{count}} entities',
      direct: '{{direct}} of them directly',
      byTeams: 'all of them by teams',
      allProblems: 'All problems',
      inIndex: 'Show all in the catalog',
      shown: '{{shown}} of {{total}} shown',
    },
    unowned: {
      title: 'Nobody looks after',
      help: 'Entities without an owner, or whose owner is gone. Name an owner in their catalog file.',
      loading: 'Looking for owners …',
      failed: 'They could not be read',
      filters: 'Filters',
      none: 'Somebody looks after everything that you may see.',
      noneHelp:
        'Entities without an owner, with an owner that left, and of empty teams would be listed here.',
      summary_one: '{{count}} entity that nobody looks after.',
      summary_other: '{{count}} entities that nobody looks after.',
      search: 'Filter by name',
      reason: 'Reason',
      allReasons: 'All reasons',
      kind: 'Kind',
      allKinds: 'All kinds',
      owner: 'Owner',
      allOwners: 'All owners',
      noMatch: 'Nothing matches these filters.',
      clear: 'Clear the filters',
      export: 'Export CSV',
      exportFailed: 'The list could not be exported',
      label: 'Entities that nobody looks after',
      name: 'Name',
      tier: 'Tier',
      nobody: 'None named',
      problems: 'Problems',
      problemsLabel: 'Problems of {{entity}}',
    },
    reason: {
      missing: 'No owner named',
      unknown: 'Owner unknown',
      left: 'Owner left',
      empty: 'Nobody in the team',
    },
  },
});
