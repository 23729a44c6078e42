import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * The words of the platform health page.
 *
 * @public
 */
export const platformHealthTranslationRef = createTranslationRef({
  id: 'plugin.platform-health',
  messages: {
    page: {
      title: 'Platform health',
      allWell: 'All {{total}} systems answer.',
      someIll: '{{ill}} of {{total}} systems need attention.',
      none: 'No system is connected.',
      loading: 'Asking the systems behind the portal …',
      checked: 'Checked',
      refresh: 'Check now',
      failed: 'The state of the systems could not be read',
      failedKeeps:
        'The state of the systems could not be read; this is the last answer',
    },
    table: {
      label: 'Systems behind the portal',
      system: 'System',
      state: 'State',
      version: 'Version',
      latency: 'Latency',
      breaker: 'Breaker',
      held: 'Held by the portal',
      lastError: 'Last error',
      never: 'None since the start',
    },
    state: {
      ok: 'Healthy',
      degraded: 'Degraded',
      down: 'Down',
      unknown: 'Not asked yet',
    },
    breaker: {
      closed: 'Closed',
      open: 'Open',
      'half-open': 'Half open',
    },
    held: {
      items: '{{items}} {{name}}',
      current: 'current',
      stale: 'stale since',
      never: 'not read yet',
    },
    empty: {
      title: 'Nothing is connected yet',
      help: 'Connect clusters under kubernetes and other systems under waystone.integrations in the configuration; the documentation says how.',
    },
    denied: {
      title: 'You cannot see the platform’s health',
      help: 'It takes the permission platform-health.system.read. Ask the platform team.',
    },
    sandbox: {
      title: 'Stories of the sandbox',
      help: 'Let something happen to the example platform, see how the portal shows it, and undo it.',
      start: 'Start',
      undo: 'Undo',
      startLabel: 'Start {{title}}',
      undoLabel: 'Undo {{title}}',
      active: 'Under way since',
      look: 'Where to look:',
      failed: 'The story could not be changed',
      unreachable: 'The sandbox does not answer',
      readOnly: 'Only the platform team can start and undo stories.',
    },
    faults: {
      title: 'Faults',
      help: 'Set on the command line, for tests.',
      clear: 'Clear',
      clearLabel: 'Clear the fault of {{system}}',
    },
  },
});
