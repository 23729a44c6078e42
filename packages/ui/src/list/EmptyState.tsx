import { Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/**
 * What would be here, why it is not, and below it the next step.
 *
 * @public
 */
export function EmptyState(props: {
  readonly title: string;
  readonly help?: ReactNode;
  readonly children?: ReactNode;
}) {
  const { children, help, title } = props;
  return (
    <div className={styles.empty}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {title}
      </Text>
      {help && <Text color="secondary">{help}</Text>}
      {children}
    </div>
  );
}
