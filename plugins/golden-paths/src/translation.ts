import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of golden paths.
 *
 * @public
 */
export const goldenPathsTranslationRef = createTranslationRef({
  id: 'plugin.golden-paths',
  messages: {
    inventory: {
      title: 'What this run has made',
      summaryLeft_one: 'One thing is there.',
      summaryLeft_other: '{{count}} things are there.',
      summaryGone: 'Everything was removed.',
      running:
        'It can be removed when the run has ended. Cancel the run first.',
      denied: 'Whoever started the run can remove it, and the platform team.',
      failed: 'What the run has made could not be read',
      remove: 'Remove',
      removeLabel: 'Remove {{title}}',
      removeAll: 'Remove all',
      maybe: 'Perhaps made',
      made: 'Made',
      removed: 'Removed',
      columnWhat: 'What',
      columnKind: 'Kind',
      columnState: 'State',
      columnAction: 'Action',
      kind: {
        repository: 'Repository',
        secret: 'Secrets',
        'infrastructure-request': 'Infrastructure',
        'argocd-application': 'Argo CD application',
        'catalog-location': 'Catalog entry',
        manual: 'By hand',
      },
    },
    versions: {
      title: 'Golden path',
      loading: 'Comparing …',
      failed: 'Not known',
      current: 'Up to date',
      behind_one: 'One version behind',
      behind_other: '{{count}} versions behind',
      unknown: 'The newest is {{version}}',
      made: 'Made by {{title}} {{version}}',
      changes: 'What changed',
      since: 'What changed in {{title}} since {{version}}',
      close: 'Close',
    },
    form: {
      name: 'Name',
      nameFree: 'Nothing has this name yet',
      forge: 'Git server',
    },
    preview: {
      loading: 'Looking at what would be made …',
      failed: 'It cannot be said what would be made',
      refused: 'This cannot be made',
      policies: 'Policies of the clusters',
      allowed: 'Nothing is against it',
      infrastructure: 'Infrastructure',
      approval: 'Waits for approval: {{reason}}',
      total: '{{amount}} a month',
      files_one: 'One file',
      files_other: '{{count}} files',
      tree: 'Files',
      noText: 'This is not shown: it is no text, or long.',
    },
    file: {
      title: 'From a file',
      help: 'Paste a ServiceRequest. It fills in the form of its golden path; nothing is made before you have seen it.',
      label: 'ServiceRequest',
      open: 'Fill in the form',
      wrong: 'There are mistakes in it',
      line: 'Line {{line}}:',
      failed: 'It could not be read',
    },
    removal: {
      titleOne: 'Remove {{title}}',
      titleAll_one: 'Remove one thing that this run has made',
      titleAll_other: 'Remove {{count}} things that this run has made',
      order:
        'In this order. It ends at the first that fails; nothing else is touched.',
      looking: 'Looking at what is there …',
      gone: 'It is not there any more. Only the list is put right.',
      stays: 'Stays: {{reason}}',
      type: 'Type {{name}} to confirm',
      confirmOne: 'Remove {{title}}',
      confirmAll_one: 'Remove one',
      confirmAll_other: 'Remove {{count}}',
      cancel: 'Keep',
      failed: 'It was not removed',
      previewFailed: 'It cannot be said what would be removed',
      nothing: 'Nothing of this can be removed now.',
    },
  },
});
