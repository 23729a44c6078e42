import type { ReactNode } from 'react';
import styles from './Section.module.css';

/** A part of a tab, with its heading and what is told beside it. */
export function Section(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={props.title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
