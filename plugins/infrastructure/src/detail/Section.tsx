import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Section.module.css';

/** A part of the page with a heading. */
export function Section(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id} className={styles.title}>
        {props.title}
      </h3>
      {props.children}
    </section>
  );
}
