import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import styles from './LinkList.module.css';

/**
 * A list whose rows are links: a title, and what says more at its end or below.
 *
 * @public
 */
export function LinkList(props: { children: ReactNode }) {
  return <ul className={styles.list}>{props.children}</ul>;
}

/** True for addresses that leave the portal and may be opened. */
function isExternal(href: string): boolean {
  return /^https:\/\//i.test(href);
}

/**
 * One row. `href` is a path in the portal or an https address; anything else is shown as text.
 *
 * @public
 */
export function LinkRow(props: {
  href?: string;
  title: ReactNode;
  detail?: ReactNode;
  end?: ReactNode;
  start?: ReactNode;
  /** Stands beside the link, such as a button. */
  action?: ReactNode;
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
  return (
    <li className={styles.item}>
      <RowLink href={href}>{content}</RowLink>
      {props.action}
    </li>
  );
}

function RowLink(props: { href?: string; children: ReactNode }) {
  const { href, children } = props;
  if (href && isExternal(href)) {
    return (
      <a className={styles.row} href={href} rel="noreferrer" target="_blank">
        {children}
      </a>
    );
  }
  if (href && /^\/(?![/\\])/.test(href)) {
    return (
      <Link className={styles.row} to={href}>
        {children}
      </Link>
    );
  }
  return <div className={styles.row}>{children}</div>;
}
