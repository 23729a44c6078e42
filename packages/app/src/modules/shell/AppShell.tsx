import { SidebarPinStateProvider } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ReactNode } from 'react';
import { shellTranslationRef } from '../words/shellTranslationRef';
import styles from './AppShell.module.css';

const CONTENT_ID = 'waystone-content';

/** Our navigation neither collapses nor pins: this hides the setting for it. */
const PIN_STATE = {
  isMobile: true,
  isPinned: true,
  toggleSidebarPinState: () => {},
};

/** The frame around every page. */
export function AppShell(props: {
  navigation: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslationRef(shellTranslationRef);
  return (
    <div className={styles.shell}>
      <a
        className={styles.skip}
        href={`#${CONTENT_ID}`}
        onClick={event => {
          // The router would take a changed hash for a navigation
          event.preventDefault();
          document.getElementById(CONTENT_ID)?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      {props.navigation}
      <div className={styles.content} id={CONTENT_ID} tabIndex={-1}>
        <SidebarPinStateProvider value={PIN_STATE}>
          {props.children}
        </SidebarPinStateProvider>
      </div>
    </div>
  );
}
