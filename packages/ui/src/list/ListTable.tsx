import { RiArrowDownSLine, RiArrowUpSLine } from '@remixicon/react';
import type { ReactNode } from 'react';
import { Fragment, useRef } from 'react';
import styles from './ListTable.module.css';
import { useVisibleRows } from './useVisibleRows';

/**
 * A column of a {@link ListTable}.
 *
 * @public
 */
export interface ListColumn<Item> {
  /** Also the name that the list is sorted by. */
  readonly id: string;
  readonly label: string;
  readonly render: (item: Item) => ReactNode;
  readonly isNumber?: boolean;
  readonly isSortable?: boolean;
  /** CSS width, such as '20%'. */
  readonly width?: string;
  /** On a small screen: with its label (the default), without, or not at all. */
  readonly onSmallScreen?: 'labelled' | 'plain' | 'hidden';
}

/**
 * What a list is sorted by.
 *
 * @public
 */
export interface ListSort {
  readonly by: string;
  readonly order: 'asc' | 'desc';
  readonly onChange: (by: string, order: 'asc' | 'desc') => void;
}

/**
 * A list as a table, whose rows become cards on a small screen. Of a long list
 * only the rows that can be seen are in the page.
 *
 * @param props - the first column names the row; `label` for screen readers; `isDense` cuts what does not fit into one line; `totalItems` counts those that are not read yet too; `groupOf` gives rows that follow each other a common heading, in lists of at most 100 rows
 *
 * @public
 */
export function ListTable<Item>(props: {
  readonly label: string;
  readonly columns: readonly ListColumn<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly busy?: boolean;
  readonly groupOf?: (item: Item) => string;
  readonly isDense?: boolean;
  readonly sort?: ListSort;
  readonly totalItems?: number;
}) {
  const {
    busy,
    columns,
    groupOf,
    isDense,
    items,
    keyOf,
    label,
    sort,
    totalItems,
  } = props;
  const tableRef = useRef<HTMLTableElement>(null);
  const rows = useVisibleRows(tableRef, items.length);
  const spacer = (height: number) =>
    height > 0 && (
      <tr aria-hidden style={{ height }}>
        <td colSpan={columns.length} className={styles.spacer} />
      </tr>
    );
  return (
    <table
      ref={tableRef}
      className={`${styles.table} ${isDense ? styles.dense : ''}`}
      aria-label={label}
      aria-busy={busy}
      aria-rowcount={totalItems === undefined ? undefined : totalItems + 1}
    >
      <thead>
        <tr>
          {columns.map(column => (
            <Head key={column.id} column={column} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {spacer(rows.before)}
        {items.slice(rows.start, rows.end).map((item, index, shown) => (
          <Fragment key={keyOf(item)}>
            {groupOf &&
              groupOf(item) !==
                (index > 0 ? groupOf(shown[index - 1]) : undefined) && (
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={columns.length}>
                    {groupOf(item)}
                  </th>
                </tr>
              )}
            <tr
              aria-rowindex={
                totalItems === undefined ? undefined : rows.start + index + 2
              }
            >
              {columns.map((column, position) =>
                position === 0 ? (
                  <th key={column.id} scope="row">
                    {column.render(item)}
                  </th>
                ) : (
                  <td
                    key={column.id}
                    className={classOf(column)}
                    data-label={
                      (column.onSmallScreen ?? 'labelled') === 'labelled'
                        ? column.label
                        : undefined
                    }
                  >
                    {column.render(item)}
                  </td>
                ),
              )}
            </tr>
          </Fragment>
        ))}
        {spacer(rows.after)}
      </tbody>
    </table>
  );
}

function Head<Item>(props: {
  readonly column: ListColumn<Item>;
  readonly sort: ListSort | undefined;
}) {
  const { column, sort } = props;
  if (!sort || !column.isSortable) {
    return (
      <th
        scope="col"
        className={column.isNumber ? styles.number : undefined}
        style={{ width: column.width }}
      >
        {column.label}
      </th>
    );
  }
  const active = sort.by === column.id;
  const Icon = sort.order === 'desc' ? RiArrowDownSLine : RiArrowUpSLine;
  const direction = sort.order === 'desc' ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={column.isNumber ? styles.number : undefined}
      style={{ width: column.width }}
      aria-sort={active ? direction : 'none'}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() =>
          sort.onChange(
            column.id,
            active && sort.order === 'asc' ? 'desc' : 'asc',
          )
        }
      >
        {column.label}
        {active && <Icon size={16} aria-hidden />}
      </button>
    </th>
  );
}

function classOf<Item>(column: ListColumn<Item>): string | undefined {
  const classes = [
    column.isNumber && styles.number,
    column.onSmallScreen === 'hidden' && styles.wide,
  ].filter(Boolean);
  return classes.length > 0 ? classes.join(' ') : undefined;
}
