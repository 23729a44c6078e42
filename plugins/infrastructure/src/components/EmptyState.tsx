import { Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** What this is, why it is empty, and the next step. */
export function EmptyState(props: {
  title: string;
  help: string;
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {props.title}
      </Text>
      <Text color="secondary">{props.help}</Text>
      {props.children}
    </div>
  );
}
