import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import { shellTranslationRef } from '../words/shellTranslationRef';
import styles from './HomeCard.module.css';

/** A titled card of the home page. */
export function HomeCard(props: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.card}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {props.title}
        </h2>
        {props.action}
      </div>
      {props.children}
    </section>
  );
}

/** Why a card has nothing to show, and what makes something appear. */
export function EmptyText(props: { title: string; help: string }) {
  return (
    <div className={styles.empty}>
      <Text weight="bold">{props.title}</Text>
      <Text color="secondary">{props.help}</Text>
    </div>
  );
}

/** Rows that keep the place of a list while it loads. */
export function LoadingRows(props: { rows: number }) {
  return (
    <div className={styles.loading} aria-busy="true">
      {Array.from({ length: props.rows }, (_, i) => (
        <Skeleton key={i} height={16} width={`${78 - ((i * 17) % 40)}%`} />
      ))}
    </div>
  );
}

/** What failed in one card; the rest of the page stays. */
export function CardError(props: { error: Error; retry: () => void }) {
  const { t } = useTranslationRef(shellTranslationRef);
  return (
    <div className={styles.empty} role="alert">
      <Text weight="bold">{t('card.error')}</Text>
      <Text color="secondary">{props.error.message}</Text>
      <Button size="small" variant="secondary" onPress={props.retry}>
        {t('card.retry')}
      </Button>
    </div>
  );
}
