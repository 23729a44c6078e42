import { coreComponentsTranslationRef } from '@backstage/core-components/alpha';
import {
  createFrontendModule,
  createTranslationMessages,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';

/** Plain words where Backstage's own are jokes, or say 'Backstage'. */
const coreComponents = TranslationBlueprint.make({
  name: 'core-components',
  params: {
    resource: createTranslationMessages({
      ref: coreComponentsTranslationRef,
      messages: {
        'errorPage.title': 'This page could not be shown',
        'errorPage.subtitle': '{{status}}: {{statusMessage}}',
        'oauthRequestDialog.title': 'Sign in again',
        'oauthRequestDialog.authRedirectTitle':
          'Your session has ended. Signing in brings you back to this page.',
        'oauthRequestDialog.login': 'Sign in',
        'oauthRequestDialog.rejectAll': 'Not now',
        'autoLogout.stillTherePrompt.buttonText': 'Stay signed in',
        'autoLogout.stillTherePrompt.title': 'You will be signed out soon',
      },
    }),
  },
});

/** The words of pages that are not ours. */
export const wordsModule = createFrontendModule({
  pluginId: 'app',
  extensions: [coreComponents],
});
