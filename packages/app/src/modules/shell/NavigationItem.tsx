import type { ReactElement, ReactNode } from 'react';
import { NavLink } from 'react-router-dom';
import styles from './NavigationItem.module.css';

/** One row of the navigation: icon, words, and what stands at its end. */
export function NavigationItem(props: {
  href: string;
  icon: ReactElement;
  title: string;
  end?: ReactNode;
}) {
  return (
    <NavLink
      className={({ isActive }) =>
        isActive ? `${styles.item} ${styles.active}` : styles.item
      }
      end={props.href === '/'}
      to={props.href}
    >
      <span className={styles.icon} aria-hidden>
        {props.icon}
      </span>
      <span className={styles.title}>{props.title}</span>
      {props.end}
    </NavLink>
  );
}
