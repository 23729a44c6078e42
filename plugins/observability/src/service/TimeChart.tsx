import type { Chart } from '@waystone/plugin-observability-common';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatValue } from '../shared/formatValue';
import type { ChartTimes } from './ChartPanel';
import styles from './TimeChart.module.css';

const HEIGHT = 180;

/** Memory is counted in powers of two. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** All charts of a page have one crosshair. */
const SYNC = 'waystone-observability';

/** The tokens of the lines, and how much of them. */
const LINES: Readonly<
  Record<string, { readonly token: string; readonly alpha?: number }>
> = {
  requests: { token: '--waystone-state-progressing' },
  errors: { token: '--waystone-state-critical' },
  p50: { token: '--waystone-accent-text', alpha: 0.4 },
  p95: { token: '--waystone-accent-text' },
  p99: { token: '--waystone-accent-text', alpha: 0.65 },
  cpu: { token: '--waystone-state-progressing' },
  memory: { token: '--waystone-state-progressing' },
};

/** Lines over time from zero, with a crosshair that all charts share; gaps stay gaps. */
export function TimeChart(props: {
  chart: Chart;
  range: ChartTimes;
  label: string;
  /** Told of the step at the crosshair; undefined if there is none. */
  onCursor: (index: number | undefined) => void;
  /** Told of a range that was drawn, in seconds since 1970. */
  onSelect: (from: number, to: number) => void;
}) {
  const { chart, label, onCursor, onSelect, range } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>();
  const theme = useSyncExternalStore(watchTheme, readTheme);
  const shape = `${theme} ${chart.unit} ${
    chart.limit !== undefined
  } ${chart.series
    .map(({ id, yesterday }) => `${id}${yesterday ? '+' : ''}`)
    .join()}`;
  const data = toData(chart, range);
  const latest = useRef({ data, onCursor, onSelect, chart });
  latest.current = { data, onCursor, onSelect, chart };

  useEffect(() => {
    const element = host.current!;
    const created = new UPlot(
      createOptions(latest.current.chart, element, {
        onCursor: index => latest.current.onCursor(index),
        onSelect: (from, to) => latest.current.onSelect(from, to),
      }),
      latest.current.data,
      element,
    );
    plot.current = created;
    const observer = new ResizeObserver(() =>
      created.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = undefined;
    };
    // The plot is made anew only if its lines or colours are others.
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(latest.current.data);
  }, [chart, range]);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const current = plot.current;
    if (move === undefined || !current) {
      return;
    }
    event.preventDefault();
    const last = data[0].length - 1;
    const index = Math.min(
      last,
      Math.max(0, (current.cursor.idx ?? last) + move),
    );
    current.setCursor({
      left: current.valToPos(data[0][index], 'x'),
      top: current.over.clientHeight / 2,
    });
  };

  return (
    // It is an application, as its role says: the keys move the crosshair.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={host}
      className={styles.chart}
      role="application"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={onKeyDown}
    />
  );
}

function toData(chart: Chart, { start, step }: ChartTimes): UPlot.AlignedData {
  const length = chart.series[0]?.values.length ?? 0;
  const times = Array.from({ length }, (_, index) => start + index * step);
  return [
    times,
    ...chart.series.flatMap(({ values, yesterday }) =>
      yesterday ? [values, yesterday] : [values],
    ),
    ...(chart.limit === undefined ? [] : [times.map(() => chart.limit!)]),
  ];
}

function createOptions(
  chart: Chart,
  element: HTMLElement,
  on: {
    onCursor: (index: number | undefined) => void;
    onSelect: (from: number, to: number) => void;
  },
): UPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const line = (id: string) => {
    const { alpha = 1, token: name } = LINES[id] ?? LINES.requests;
    return withAlpha(token(name), alpha);
  };
  const axis = {
    stroke: token('--bui-fg-secondary'),
    font: `11px ${token('--bui-font-regular') || 'sans-serif'}`,
    grid: { stroke: token('--bui-border-1'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC },
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: true },
      // From zero, as a share of nothing would mislead.
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      { ...axis, size: 28, values: formatTimes },
      {
        ...axis,
        size: 58,
        ...(chart.unit === 'bytes' && { incrs: BYTE_STEPS }),
        values: (_plot, values) =>
          values.map(value => formatValue(value, chart.unit)),
      },
    ],
    series: [
      {},
      ...chart.series.flatMap(({ id, yesterday }) => [
        { label: id, stroke: line(id), width: 1.5, spanGaps: false },
        ...(yesterday
          ? [
              {
                label: `${id} yesterday`,
                stroke: withAlpha(token('--bui-fg-secondary'), 0.7),
                width: 1,
                dash: [4, 4],
                spanGaps: false,
              },
            ]
          : []),
      ]),
      ...(chart.limit === undefined
        ? []
        : [
            {
              label: 'limit',
              stroke: token('--waystone-state-attention'),
              width: 1,
              dash: [2, 3],
              points: { show: false },
            },
          ]),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) =>
          on.onCursor(
            cursor.left === undefined || cursor.left < 0
              ? undefined
              : cursor.idx ?? undefined,
          ),
      ],
      setSelect: [
        self => {
          const { left, width } = self.select;
          if (width > 4) {
            on.onSelect(
              self.posToVal(left, 'x'),
              self.posToVal(left + width, 'x'),
            );
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }
        },
      ],
    },
  };
}

/** Hours of a short range, days of a long one. */
function formatTimes(
  _plot: UPlot,
  times: readonly number[],
  _axis: number,
  _space: number,
  step: number,
): string[] {
  return times.map(time => {
    const at = new Date(time * 1000);
    return step >= 86_400 || (at.getHours() === 0 && at.getMinutes() === 0)
      ? at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
      : at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  });
}

/** A colour such as `#2f7d6b`, as much of it. */
function withAlpha(colour: string, alpha: number): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!hex || alpha === 1) {
    return colour;
  }
  const part = (start: number) => parseInt(hex.slice(start, start + 2), 16);
  return `rgba(${part(0)}, ${part(2)}, ${part(4)}, ${alpha})`;
}

/** A canvas does not follow the tokens: it is told when the theme changes. */
function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributeFilter: ['data-theme-mode'] });
  }
  return () => observer.disconnect();
}

function readTheme(): string {
  return (
    document
      .querySelector('[data-theme-mode]')
      ?.getAttribute('data-theme-mode') ?? ''
  );
}
