import styles from './Sparkline.module.css';

const WIDTH = 72;
const HEIGHT = 20;

/** A line without axes, from zero; gaps stay gaps. The value beside it says what it is. */
export function Sparkline(props: {
  values: readonly (number | null)[];
  tone?: 'neutral' | 'critical';
}) {
  const { tone = 'neutral', values } = props;
  const most = Math.max(0, ...values.map(value => value ?? 0));
  if (most === 0) {
    return <span className={styles.place} aria-hidden />;
  }
  const x = (index: number) =>
    ((index / Math.max(1, values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) =>
    (HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1);
  const path = values
    .map((value, index) => {
      if (value === null) {
        return '';
      }
      const before = index > 0 ? values[index - 1] : null;
      return `${before === null ? 'M' : 'L'}${x(index)} ${y(value)}`;
    })
    .join('');
  return (
    <svg
      className={`${styles.line} ${styles[tone]}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden
    >
      <path d={path} />
    </svg>
  );
}
