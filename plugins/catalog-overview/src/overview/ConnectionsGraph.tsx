import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  OverviewItem,
  OverviewList,
} from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './ConnectionsGraph.module.css';

/** Of each side; with the centre and two that fold the rest it makes 27. */
const MOST_NODES = 12;

/** As in the style sheet, so that the lines meet the nodes. */
const HEIGHT = 32;
const GAP = 8;

interface Side {
  readonly items: readonly OverviewItem[];
  readonly folded: number;
  readonly rows: number;
}

/**
 * What needs it on the left, what it needs on the right. Nothing if there are less than three, which need no
 * picture. Small screens have the lists only.
 */
export function ConnectionsGraph(props: {
  name: string;
  before: readonly OverviewList[];
  after: readonly OverviewList[];
}) {
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const before = toSide(props.before);
  const after = toSide(props.after);
  if (before.rows + after.rows < 3) {
    return null;
  }
  const rows = Math.max(before.rows, after.rows, 1);
  const height = rows * (HEIGHT + GAP) - GAP;
  return (
    <div
      className={styles.graph}
      role="group"
      aria-label={t('overview.graph', { name: props.name })}
    >
      <Nodes side={before} label={t('overview.needIt')} />
      <Lines rows={before.rows} height={height} />
      <span className={styles.centre}>{props.name}</span>
      <Lines rows={after.rows} height={height} outwards />
      <Nodes side={after} label={t('overview.itNeeds')} />
    </div>
  );
}

function toSide(lists: readonly OverviewList[]): Side {
  const all = lists.flatMap(list => list.items);
  const items = [...new Map(all.map(item => [item.entityRef, item])).values()];
  const shown = items.slice(0, MOST_NODES);
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  const folded = total - (all.length - items.length) - shown.length;
  return {
    items: shown,
    folded,
    rows: shown.length + (folded > 0 ? 1 : 0),
  };
}

function Nodes(props: { side: Side; label: string }) {
  const { side, label } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <ul className={styles.nodes} aria-label={label}>
      {side.items.map(item => (
        <li key={item.entityRef} title={item.title}>
          {item.exists ? (
            <EntityRefLink entityRef={item.entityRef} title={item.title} />
          ) : (
            <span className={styles.missing}>{item.title}</span>
          )}
        </li>
      ))}
      {side.folded > 0 && (
        <li className={styles.folded}>
          {t('overview.more', { count: side.folded })}
        </li>
      )}
    </ul>
  );
}

/** Arrows from the left to the right: from what needs to what is needed. */
function Lines(props: { rows: number; height: number; outwards?: boolean }) {
  const { rows, height, outwards } = props;
  const top = (height - (rows * (HEIGHT + GAP) - GAP)) / 2;
  const middle = height / 2;
  return (
    <svg
      className={styles.lines}
      viewBox={`0 0 64 ${height}`}
      width={64}
      height={height}
      aria-hidden
    >
      {Array.from({ length: rows }, (_, row) => {
        const y = top + row * (HEIGHT + GAP) + HEIGHT / 2;
        const [from, to] = outwards ? [middle, y] : [y, middle];
        return (
          <g key={row}>
            <path d={`M 0 ${from} C 30 ${from}, 30 ${to}, 58 ${to}`} />
            <path d={`M 57 ${to - 4} L 63 ${to} L 57 ${to + 4}`} />
          </g>
        );
      })}
    </svg>
  );
}
