import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntityRefLink,
  useStarredEntities,
} from '@backstage/plugin-catalog-react';
import { ButtonIcon, Checkbox, Skeleton } from '@backstage/ui';
import {
  RiArrowDownLine,
  RiArrowUpLine,
  RiBookOpenLine,
  RiStarFill,
  RiStarLine,
} from '@remixicon/react';
import { listingSortSchema } from '@waystone/plugin-catalog-overview-common';
import type {
  ListingItem,
  ListingReference,
  ListingSort,
} from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import type { KeyboardEvent, ReactNode } from 'react';
import { Link } from 'react-router-dom';
import styles from './ListingTable.module.css';
import { catalogListingTranslationRef } from './translation';
import type { ListingColumn } from './useListingSettings';
import type { ProblemCounts } from './useProblemCounts';

/** The entries: a table whose rows are links, or on a small screen a list of cards. */
export function ListingTable(props: {
  items: readonly ListingItem[];
  columns: readonly ListingColumn[];
  problems: ProblemCounts;
  sort: ListingSort;
  order: 'asc' | 'desc';
  busy: boolean;
  selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  onSort(sort: ListingSort, order: 'asc' | 'desc'): void;
}) {
  const { busy, columns, items, onSelect, problems, selected } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const linkTo = useEntityRefLink();
  const { isStarredEntity, toggleStarredEntity } = useStarredEntities();
  const chosen = items.filter(({ entityRef }) => selected.has(entityRef));

  return (
    <table
      className={styles.table}
      aria-label={t('table.label')}
      aria-busy={busy}
    >
      <thead>
        <tr>
          <td className={styles.check}>
            <Checkbox
              aria-label={t('table.selectAll')}
              isSelected={items.length > 0 && chosen.length === items.length}
              isIndeterminate={
                chosen.length > 0 && chosen.length < items.length
              }
              onChange={all =>
                onSelect(
                  new Set(all ? items.map(({ entityRef }) => entityRef) : []),
                )
              }
            />
          </td>
          <Head {...props} column="name" />
          {columns.map(column => (
            <Head key={column} {...props} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map(item => {
          const starred = isStarredEntity(item.entityRef);
          return (
            <tr key={item.entityRef}>
              <td className={styles.check}>
                <Checkbox
                  aria-label={t('table.select', { name: item.title })}
                  isSelected={selected.has(item.entityRef)}
                  onChange={add => {
                    const next = new Set(selected);
                    if (add) {
                      next.add(item.entityRef);
                    } else {
                      next.delete(item.entityRef);
                    }
                    onSelect(next);
                  }}
                />
              </td>
              <th scope="row" className={styles.name}>
                <span className={styles.names}>
                  <ButtonIcon
                    className={styles.star}
                    variant="tertiary"
                    size="small"
                    aria-label={t(starred ? 'table.unstar' : 'table.star', {
                      name: item.title,
                    })}
                    aria-pressed={starred}
                    icon={starred ? <RiStarFill /> : <RiStarLine />}
                    onPress={() => toggleStarredEntity(item.entityRef)}
                  />
                  <Link
                    to={linkTo(item.entityRef)}
                    className={styles.link}
                    title={item.entityRef}
                    onKeyDown={moveFocus}
                  >
                    {item.title}
                  </Link>
                  {item.title.toLocaleLowerCase('en') !==
                    item.name.toLocaleLowerCase('en') && (
                    <span className={styles.second}>{item.name}</span>
                  )}
                </span>
              </th>
              {columns.map(column => (
                <td
                  key={column}
                  data-label={t(`table.${column}`)}
                  data-column={column}
                  className={
                    isEmpty(item, column, problems) ? styles.empty : undefined
                  }
                >
                  <Cell
                    item={item}
                    column={column}
                    problems={problems}
                    linkTo={linkTo}
                  />
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Head(props: {
  column: 'name' | ListingColumn;
  sort: ListingSort;
  order: 'asc' | 'desc';
  onSort(sort: ListingSort, order: 'asc' | 'desc'): void;
}) {
  const { column, onSort, order, sort } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const sortable = listingSortSchema.safeParse(column).data;
  const sorted = sort === column;
  const Arrow = order === 'asc' ? RiArrowUpLine : RiArrowDownLine;
  const direction = order === 'asc' ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      data-column={column}
      aria-sort={sorted ? direction : undefined}
    >
      {sortable ? (
        <button
          type="button"
          className={styles.sort}
          onClick={() =>
            onSort(sortable, sorted && order === 'asc' ? 'desc' : 'asc')
          }
        >
          {t(`table.${column}`)}
          {sorted && <Arrow size={14} aria-hidden />}
        </button>
      ) : (
        t(`table.${column}`)
      )}
    </th>
  );
}

function isEmpty(
  item: ListingItem,
  column: ListingColumn,
  problems: ProblemCounts,
): boolean {
  if (column === 'problems') {
    return typeof problems !== 'string' && !problems.has(item.entityRef);
  }
  const value = item[column];
  return (
    value === undefined ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

function Cell(props: {
  item: ListingItem;
  column: ListingColumn;
  problems: ProblemCounts;
  linkTo(entityRef: string): string;
}): ReactNode {
  const { column, item, linkTo, problems } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  if (isEmpty(item, column, problems)) {
    return '–';
  }
  const reference = (to: ListingReference) => (
    <Link
      to={linkTo(to.entityRef)}
      className={styles.reference}
      title={to.entityRef}
    >
      {to.title}
    </Link>
  );
  switch (column) {
    case 'owner':
      return (
        <span className={styles.owners}>
          {reference(item.owner!)}
          {item.otherOwners && item.otherOwners.length > 0 && (
            <span
              className={styles.quiet}
              title={item.otherOwners.map(({ title }) => title).join(', ')}
            >
              {t('table.otherOwners', {
                number: String(item.otherOwners.length),
              })}
            </span>
          )}
        </span>
      );
    case 'system':
      return reference(item.system!);
    case 'tags':
      return (
        <span className={styles.clip} title={item.tags.join(', ')}>
          {item.tags.join(', ')}
        </span>
      );
    case 'docs':
      return (
        <Link
          to={`${linkTo(item.entityRef)}/docs`}
          className={styles.docs}
          aria-label={`${t('table.hasDocs')}: ${item.title}`}
        >
          <RiBookOpenLine size={16} aria-hidden />
        </Link>
      );
    case 'problems':
      return <Problems counts={problems} entityRef={item.entityRef} />;
    default:
      return item[column];
  }
}

function Problems(props: { counts: ProblemCounts; entityRef: string }) {
  const { counts, entityRef } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  if (counts === 'loading') {
    return <Skeleton width="6rem" height={16} aria-hidden />;
  }
  const count = counts === 'failed' ? undefined : counts.get(entityRef);
  return count ? (
    <StateLabel state="attention">
      {t('table.problemCount', { count })}
    </StateLabel>
  ) : (
    <span className={styles.quiet}>
      {t(count === 0 ? 'table.noProblems' : 'table.problemsUnknown')}
    </span>
  );
}

/** Up and down go from name to name. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') {
    return;
  }
  const links = [
    ...(event.currentTarget
      .closest('tbody')
      ?.querySelectorAll<HTMLElement>(`.${styles.link}`) ?? []),
  ];
  const at = links.indexOf(event.currentTarget);
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
