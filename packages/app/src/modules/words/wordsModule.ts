import { coreComponentsTranslationRef } from '@backstage/core-components/alpha';
import {
  createFrontendModule,
  createTranslationMessages,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { kubernetesTranslationRef } from '@backstage/plugin-kubernetes/alpha';
import { techdocsTranslationRef } from '@backstage/plugin-techdocs/alpha';
import { userSettingsTranslationRef } from '@backstage/plugin-user-settings/alpha';

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
        'oauthRequestDialog.message':
          'Sign in so that {{appTitle}} may use {{provider}} for you.',
        'oauthRequestDialog.login': 'Sign in',
        'oauthRequestDialog.rejectAll': 'Not now',
        'autoLogout.stillTherePrompt.buttonText': 'Stay signed in',
        'autoLogout.stillTherePrompt.title': 'You will be signed out soon',
      },
    }),
  },
});

const kubernetes = TranslationBlueprint.make({
  name: 'kubernetes',
  params: {
    resource: createTranslationMessages({
      ref: kubernetesTranslationRef,
      messages: {
        'kubernetesContentPage.permissionAlert.message':
          'You may not see what runs in the clusters. Ask the platform team for the permissions kubernetes.clusters.read and kubernetes.resources.read.',
        'kubernetesContentPage.title': 'What runs in the clusters',
        'kubernetesContentPage.emptyState.title': 'Nothing to show',
        'kubernetesContentPage.emptyState.description':
          'No connected cluster runs {{entityName}}. Clusters are connected under kubernetes.clusterLocatorMethods in the configuration.',
      },
    }),
  },
});

const techdocs = TranslationBlueprint.make({
  name: 'techdocs',
  params: {
    resource: createTranslationMessages({
      ref: techdocsTranslationRef,
      messages: {
        'aboutCard.viewTechdocs': 'Read docs',
        'notFound.title': 'These docs have not been generated',
        'notFound.builderNote':
          'This portal does not make the pages itself (techdocs.builder is not local). Have CI make them with "waystone docs build" and publish them to the storage that techdocs.publisher names.',
      },
    }),
  },
});

const userSettings = TranslationBlueprint.make({
  name: 'user-settings',
  params: {
    resource: createTranslationMessages({
      ref: userSettingsTranslationRef,
      messages: {
        'identityCard.title': 'Who you are in the catalog',
        'identityCard.noIdentityTitle': 'Not known in the catalog',
        'identityCard.userEntity': 'Person',
        'identityCard.ownershipEntities': 'Owns things as',
        'signOutMenu.title': 'Sign out',
        'themeToggle.names.auto': 'System',
      },
    }),
  },
});

/** Plain words where those of Backstage's own pages joke, name Backstage, or leave a person without a next step. */
export const wordsModule = createFrontendModule({
  pluginId: 'app',
  extensions: [coreComponents, kubernetes, techdocs, userSettings],
});
