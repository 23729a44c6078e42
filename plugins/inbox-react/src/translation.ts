import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of what needs somebody.
 *
 * @public
 */
export const inboxTranslationRef = createTranslationRef({
  id: 'plugin.inbox',
  messages: {
    loading: 'Looking for what waits …',
    reading: 'Still reading: {{sources}}',
    failed: '{{source}} can not be read now',
    late: 'It did not answer within {{seconds}} seconds.',
    retry: 'Try again',
    retryLabel: 'Try again to read {{source}}',
    incomplete: 'Nothing else waits, as far as could be read',
    all_one: 'Show {{count}} more',
    all_other: 'Show {{count}} more',
    less: 'Show fewer',
    state: {
      critical: 'Critical',
      attention: 'Needs attention',
      progressing: 'In progress',
    },
  },
});
