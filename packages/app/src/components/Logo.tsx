import styles from './Logo.module.css';

/** The standing stone with its path mark, in the accent of the theme. */
export function LogoMark(props: { size?: number }) {
  const { size = 24 } = props;
  return (
    <svg
      aria-hidden
      className={styles.mark}
      focusable="false"
      height={size}
      viewBox="0 0 32 32"
      width={size}
    >
      <path
        className={styles.stone}
        d="M10.2 6.1 16.6 2.4a2.4 2.4 0 0 1 2.7.2l4 3.3a3 3 0 0 1 1.1 2.1l1.2 17.2H6.6L8.7 8.3a3 3 0 0 1 1.5-2.2ZM3.5 26.6h25a1.6 1.6 0 0 1 0 3.2h-25a1.6 1.6 0 0 1 0-3.2Z"
      />
      <path
        className={styles.path}
        d="m16 9.2 5.2 5.4-1.7 1.7-2.3-2.4v7.7h-2.4v-7.7l-2.3 2.4-1.7-1.7Z"
      />
    </svg>
  );
}

/** Mark and name side by side. */
export function Logo(props: { title: string }) {
  return (
    <span className={styles.logo}>
      <LogoMark />
      <span className={styles.name}>{props.title}</span>
    </span>
  );
}
