import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import styles from './LinkList.module.css';

/** A list whose rows are links: a title, and what says more at its end or below. */
export function LinkList(props: { children: ReactNode }) {
  return <ul className={styles.list}>{props.children}</ul>;
}

/** True for addresses that leave the portal and may be opened. */
function isExternal(href: string): boolean {
  return /^https:\/\//i.test(href);
}

/** One row. `href` is a path in the portal or an https address; anything else is shown as text. */
export function LinkRow(props: {
  href?: string;
  title: ReactNode;
  detail?: ReactNode;
  end?: ReactNode;
  start?: ReactNode;
}) {
  const { href } = props;
  const content = (
    <>
      {props.start}
      <span className={styles.body}>
        <span className={styles.title}>{props.title}</span>
        {props.detail && <span className={styles.detail}>{props.detail}</span>}
      </span>
      {props.end && <span className={styles.end}>{props.end}</span>}
    </>
  );
  if (href && isExternal(href)) {
    return (
      <li>
        <a className={styles.row} href={href} rel="noreferrer" target="_blank">
          {content}
        </a>
      </li>
    );
  }
  if (href && /^\/(?![/\\])/.test(href)) {
    return (
      <li>
        <Link className={styles.row} to={href}>
          {content}
        </Link>
      </li>
    );
  }
  return (
    <li>
      <div className={styles.row}>{content}</div>
    </li>
  );
}
