import { Container } from '@backstage/ui';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router-dom';
import styles from './ListPage.module.css';

/**
 * A part of a page that has several, with an address of its own.
 *
 * @public
 */
export interface PagePart {
  readonly to: string;
  readonly title: string;
  /** Whether it is chosen only at exactly this address; for the first part, whose address the others begin with. */
  readonly end?: boolean;
}

/**
 * The frame of a page: its title, one sentence that sums it up, actions, parts.
 *
 * @param props - `parts`: links to the page's parts, called `partsLabel` for screen readers; `isNarrow`: for lists that are read like text
 *
 * @public
 */
export function ListPage(props: {
  readonly title: string;
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
  readonly parts?: readonly PagePart[];
  readonly partsLabel?: string;
  readonly isNarrow?: boolean;
  readonly children: ReactNode;
}) {
  const { actions, children, isNarrow, parts, partsLabel, summary, title } =
    props;
  return (
    <Container>
      <div
        className={isNarrow ? `${styles.page} ${styles.narrow}` : styles.page}
      >
        <header className={styles.head}>
          <div>
            <h1 className={styles.title}>{title}</h1>
            <p className={styles.summary} role="status">
              {summary}
            </p>
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {parts && (
          <nav className={styles.parts} aria-label={partsLabel}>
            {parts.map(part => (
              <NavLink
                key={part.to}
                to={part.to}
                end={part.end}
                className={styles.part}
              >
                {part.title}
              </NavLink>
            ))}
          </nav>
        )}
        {children}
      </div>
    </Container>
  );
}
