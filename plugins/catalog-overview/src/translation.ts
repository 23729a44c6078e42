import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of the catalog overview pages.
 *
 * @public
 */
export const catalogOverviewTranslationRef = createTranslationRef({
  id: 'plugin.catalog-overview',
  messages: {
    impact: {
      direction: 'Direction',
      dependents: 'Who breaks',
      dependencies: 'What it needs',
      loading: 'Following the dependencies …',
      summaryDependents:
        'If {{name}} is down, {{total}} of {{owners}} break or lose something.',
      summaryDependencies: '{{name}} needs {{total}} of {{owners}}.',
      entities_one: '{{count}} entity',
      entities_other: '{{count}} entities',
      owners_one: '{{count}} owner',
      owners_other: '{{count}} owners',
      cyclic: 'Some of them lead back to {{name}}: there is a cycle.',
      truncated:
        'There are more than can be followed; the list ends with the nearest.',
      noDependents: 'Nothing that the catalog knows of depends on {{name}}.',
      noDependents_help:
        'Dependents appear when other entities name it under spec.dependsOn or consume an API of it.',
      noDependencies: '{{name}} needs nothing that the catalog knows of.',
      noDependencies_help:
        'Dependencies appear when its catalog file names them under spec.dependsOn or spec.consumesApis.',
      noMatch: 'Nothing matches these filters.',
      clear: 'Clear the filters',
      failed: 'The impact could not be read',
      retry: 'Try again',
      search: 'Filter by name',
      ownerFilter: 'Owner',
      allOwners: 'All owners',
      kindFilter: 'Kind',
      allKinds: 'All kinds',
      unowned: 'Nobody',
      export: 'Export CSV',
      exportFailed: 'The list could not be exported',
      more: 'Show more',
      shown: '{{shown}} of {{total}} shown',
      graph: 'Graph',
      graphHelp: 'The nearest {{shown}}, arrows point to what breaks.',
      graphHelpNeeds: 'The nearest {{shown}}, arrows point to what is needed.',
    },
    table: {
      label: 'Affected entities',
      name: 'Name',
      kind: 'Kind',
      owner: 'Owner',
      system: 'System',
      tier: 'Tier',
      depth: 'Steps',
      via: 'By way of',
      missing: 'Not in the catalog',
      direct: 'directly',
    },
  },
});
