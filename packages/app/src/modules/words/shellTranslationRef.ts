import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The words of the portal's shell: navigation, sign-in and home. */
export const shellTranslationRef = createTranslationRef({
  id: 'app.shell',
  messages: {
    signIn: {
      title: 'Sign in to {{title}}',
      subtitle: 'Services, documents and golden paths of your organisation.',
      button: 'Sign in with {{title}}',
      busy: 'Opening {{title}}…',
      failed: 'You could not be signed in',
      failure: {
        noEmail:
          'Your account has no verified e-mail address. Verify it with your identity provider, then sign in again.',
        unknownPerson:
          'Nobody in the catalog has your e-mail address. Ask the platform team to add you to the catalog.',
        cancelled: 'Sign-in was cancelled.',
        other:
          'The sign-in service refused or did not answer. Try again; if it goes on, tell the platform team.',
      },
      none: 'No way to sign in is configured',
      noneHelp:
        'Ask the platform team to add a provider under waystone.signIn.providers.',
    },
    nav: {
      label: 'Main',
      skip: 'Skip to content',
      open: 'Open navigation',
      close: 'Close navigation',
      search: 'Search',
      home: 'Home',
      find: 'Find',
      create: 'Build',
      pillars: 'Run',
      notifications: 'Notifications',
      unread: '{{number}} unread',
      account: 'Account of {{name}}',
      profile: 'Your profile',
      settings: 'Settings',
      theme: 'Theme',
      themeLight: 'Light',
      themeDark: 'Dark',
      themeSystem: 'As the system',
      signOut: 'Sign out',
      sandbox: 'Sandbox',
      sandboxHelp:
        'Systems behind this portal are simulated on this machine. Nothing here reaches a real cluster.',
    },
    notFound: {
      title: 'There is no such page',
      help: '{{path}} leads nowhere. It may have been renamed or removed.',
      home: 'Go to Home',
      search: 'Search',
    },
    home: {
      title: 'Home',
      greeting: 'Good {{part}}, {{name}}',
      morning: 'morning',
      afternoon: 'afternoon',
      evening: 'evening',
      summary_one: '{{count}} service is yours',
      summary_other: '{{count}} services are yours',
      summaryWaiting_one: '{{count}} thing waits for you',
      summaryWaiting_other: '{{count}} things wait for you',
      summaryNothing: 'nothing waits for you',
      create: 'Start something new',
    },
    firstSteps: {
      title: 'Three first steps',
      dismiss: 'Hide these steps',
      find: 'Find a service',
      findHelp: 'Who owns it, what it depends on, how to call it.',
      star: 'Star what you work on',
      starHelp: 'Press the star on its page; it then waits for you here.',
      create: 'Start from a golden path',
      createHelp: 'One form gives you a service that is ready to build.',
    },
    services: {
      title: 'My services',
      all: 'All in the catalog',
      empty: 'Your teams own nothing in the catalog yet',
      emptyHelp:
        'Services appear here when a catalog-info.yaml names one of your teams as owner.',
      name: 'Name',
      owner: 'Owner',
      system: 'System',
      lifecycle: 'Lifecycle',
      tier: 'Tier',
      more: 'All {{total}} in the catalog',
    },
    waiting: {
      title: 'Waiting for me',
      empty: 'Nothing waits for you',
      emptyHelp:
        'Nothing that you or your teams own is known to be broken, and nobody asks you for anything.',
      all: 'All notifications',
      taskRunning: 'running',
      taskFailed: 'failed',
    },
    visited: {
      title: 'Recently visited',
      empty: 'Nothing yet',
      emptyHelp: 'Services, APIs and teams that you open appear here.',
    },
    starred: {
      title: 'Starred',
      empty: 'Nothing starred yet',
      emptyHelp: 'Press the star on a page to keep it here.',
    },
    announcements: {
      title: 'What changed',
      empty: 'No announcements',
      emptyHelp: 'The platform team posts here what everybody should know.',
      hide: 'Hide “{{title}}”',
      more: 'Read more',
    },
    card: {
      error: 'This could not be loaded',
      retry: 'Try again',
    },
  },
});
