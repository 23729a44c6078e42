import { Text } from '@backstage/ui';
import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Section.module.css';

/** A part of the overview with its heading. */
export function Section(props: {
  title: ReactNode;
  /** Beside the heading. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <Text as="h2" id={id} variant="body-medium" weight="bold">
          {props.title}
        </Text>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
