import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container, Text } from '@backstage/ui';
import { useLocation } from 'react-router-dom';
import { shellTranslationRef } from '../words/shellTranslationRef';
import styles from './NotFoundPage.module.css';

/** Shown for an address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { pathname } = useLocation();
  return (
    <main>
      <Container className={styles.page}>
        <Text as="h1" variant="title-medium" weight="bold">
          {t('notFound.title')}
        </Text>
        <Text as="p" color="secondary" className={styles.text}>
          {t('notFound.help', { path: pathname })}
        </Text>
        <div className={styles.actions}>
          <ButtonLink href="/">{t('notFound.home')}</ButtonLink>
          <ButtonLink href="/search" variant="secondary">
            {t('notFound.search')}
          </ButtonLink>
        </div>
      </Container>
    </main>
  );
}
