import { appThemeApiRef, identityApiRef } from '@backstage/frontend-plugin-api';
import {
  RiAddBoxLine,
  RiContrast2Line,
  RiLogoutBoxRLine,
} from '@remixicon/react';
import { PaletteActionBlueprint } from './PaletteActionBlueprint';

/** What everybody can do. @internal */
export const builtInActions = [
  PaletteActionBlueprint.make({
    name: 'create-service',
    params: {
      title: 'Create a service',
      keywords: ['new', 'start', 'template', 'golden path', 'scaffold'],
      icon: <RiAddBoxLine />,
      href: '/create',
    },
  }),
  PaletteActionBlueprint.make({
    name: 'switch-theme',
    params: {
      title: 'Switch theme',
      keywords: ['dark', 'light', 'mode', 'colours'],
      icon: <RiContrast2Line />,
      run: ({ apis }) => {
        const themes = apis.get(appThemeApiRef);
        const active =
          themes?.getActiveThemeId() ??
          (window.matchMedia('(prefers-color-scheme: dark)').matches
            ? 'dark'
            : 'light');
        themes?.setActiveThemeId(active === 'dark' ? 'light' : 'dark');
      },
    },
  }),
  PaletteActionBlueprint.make({
    name: 'sign-out',
    params: {
      title: 'Sign out',
      keywords: ['log out', 'leave'],
      icon: <RiLogoutBoxRLine />,
      run: ({ apis }) => apis.get(identityApiRef)?.signOut(),
    },
  }),
];
