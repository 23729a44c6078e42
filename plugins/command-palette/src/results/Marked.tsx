import { findMatches } from '@waystone/plugin-search-common';
import type { ReactNode } from 'react';
import styles from './Marked.module.css';

/** A text in which stands out what was asked for. */
export function Marked(props: { text: string; question: string }) {
  const { question, text } = props;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of findMatches(text, question)) {
    parts.push(
      text.slice(at, start),
      <mark className={styles.mark} key={start}>
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
