import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of what all pages share.
 *
 * @public
 */
export const uiTranslationRef = createTranslationRef({
  id: 'waystone-ui',
  messages: {
    retry: 'Try again',
    clear: 'Clear filters',
    more: 'Show more',
    shownUncounted: '{{shown}} shown',
    shown: '{{shown}} of {{total}} shown',
    pager: {
      label: 'Pages of the list',
      range: '{{from}} to {{to}} of {{total}}',
      previous: 'Previous',
      next: 'Next',
    },
    loading: 'Loading …',
    denied: 'You may not see this',
    deniedAction: 'You may not do this',
    refusal: {
      permission: 'Missing permission:',
      ask: 'Ask:',
      copy: 'Copy a request',
      copied: 'Copied',
      request:
        'I lack the permission {{permission}} in the portal: {{address}}',
      requestFor:
        'I lack the permission {{permission}} for {{resource}} in the portal: {{address}}',
    },
    freshness: {
      stale: '{{source}} does not answer; this is the last known state',
      never: '{{source}} has not answered yet; nothing is known from it',
      since: 'as of',
      live: 'Live from {{source}}.',
    },
  },
});
