import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type {
  ImpactDirection,
  ImpactItem,
} from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import { shortName } from '../overview/shortName';
import styles from './ImpactGraph.module.css';

/** More cannot be read. */
const MOST_NODES = 30;

const WIDTH = 190;
const HEIGHT = 40;

interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly start?: boolean;
}

/** The nearest of what is reached, as a picture. The list says the same and more, so it is hidden from screen readers. */
export function ImpactGraph(props: {
  start: string;
  items: readonly ImpactItem[];
  direction: ImpactDirection;
}) {
  const { start, items, direction } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const shown = items.slice(0, MOST_NODES);
  const known = new Set([start, ...shown.map(item => item.entityRef)]);
  const nodes: GraphNode[] = [
    { id: start, title: shortName(start), start: true },
    ...shown.map(item => ({ id: item.entityRef, title: item.title })),
  ];
  // A filter may leave out what lies between.
  const edges = shown
    .filter(item => known.has(item.via))
    .map(item => ({ from: item.via, to: item.entityRef }));
  return (
    <section className={styles.section}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {t('impact.graph')}
      </Text>
      <Text color="secondary">
        {direction === 'dependents'
          ? t('impact.graphHelp', { shown: String(shown.length) })
          : t('impact.graphHelpNeeds', { shown: String(shown.length) })}
      </Text>
      <div className={styles.graph} aria-hidden>
        <DependencyGraph
          nodes={nodes}
          edges={edges}
          direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
          renderNode={({ node }) => <Node node={node} />}
          paddingX={16}
          paddingY={16}
          nodeMargin={12}
          rankMargin={60}
          allowFullscreen={false}
          zoom="disabled"
          fit="contain"
        />
      </div>
    </section>
  );
}

function Node(props: { node: GraphNode }) {
  const { start, title } = props.node;
  return (
    <g className={start ? styles.start : styles.node}>
      <rect width={WIDTH} height={HEIGHT} rx={6} />
      <text x={WIDTH / 2} y={HEIGHT / 2} dy="0.35em" textAnchor="middle">
        {title.length > 24 ? `${title.slice(0, 23)}…` : title}
      </text>
    </g>
  );
}
