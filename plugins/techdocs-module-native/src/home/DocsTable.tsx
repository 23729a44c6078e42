import { Fragment } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { RiArrowDownLine } from '@remixicon/react';
import type {
  DocsSite,
  DocsSitesQuery,
} from '@waystone/plugin-techdocs-native-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import styles from './DocsTable.module.css';
import { feedbackPath } from '../feedback/feedbackPath';
import { docsHomeTranslationRef } from './homeTranslation';

type Sort = DocsSitesQuery['sort'];

/** Docs of many entities: a table, or on a small screen a list of cards. */
export function DocsTable(props: {
  items: readonly DocsSite[];
  sort: Sort;
  busy: boolean;
  onSort(sort: Sort): void;
}) {
  const { busy, items, onSort, sort } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const grouped = sort === 'system';
  const head = (column: 'title' | 'changed' | 'reads') => (
    <th
      scope="col"
      className={column === 'reads' ? styles.number : undefined}
      aria-sort={sortDirection(sort, column)}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort(column)}
        aria-label={t('table.sortBy', { column: t(`table.${column}`) })}
      >
        {t(`table.${column}`)}
        {sort === column && <RiArrowDownLine size={14} aria-hidden />}
      </button>
    </th>
  );
  return (
    <table
      className={styles.table}
      aria-label={t('table.label')}
      aria-busy={busy}
    >
      <thead>
        <tr>
          {head('title')}
          {!grouped && <th scope="col">{t('table.system')}</th>}
          <th scope="col">{t('table.owner')}</th>
          {head('changed')}
          {head('reads')}
        </tr>
      </thead>
      <tbody>
        {items.map((site, index) => (
          <Fragment key={site.entityRef}>
            {grouped && isFirstOfSystem(items, index) && (
              <tr className={styles.group}>
                <th scope="rowgroup" colSpan={4}>
                  {site.system?.title ?? t('table.noSystem')}
                </th>
              </tr>
            )}
            <DocsRow site={site} withSystem={!grouped} />
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function DocsRow(props: { site: DocsSite; withSystem: boolean }) {
  const { site, withSystem } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  return (
    <tr>
      <th scope="row">
        <div className={styles.name}>
          <Link href={docsPath(site.entityRef)} className={styles.title}>
            {site.title}
          </Link>
          {site.state === 'failed' && (
            <StateLabel state="critical">{t('table.failed')}</StateLabel>
          )}
          {site.mine && (
            <Link
              href={feedbackPath(parseEntityRef(site.entityRef))}
              className={styles.feedback}
            >
              {t('table.feedback')}
            </Link>
          )}
          {Boolean(site.problemCount) && (
            <StateLabel state="attention">
              {t('table.problems', { count: site.problemCount ?? 0 })}
            </StateLabel>
          )}
        </div>
        {site.description && (
          <div className={styles.description} title={site.description}>
            {site.description}
          </div>
        )}
      </th>
      {withSystem && (
        <td data-label={t('table.system')}>
          {site.system ? (
            <EntityRefLink
              entityRef={site.system.entityRef}
              title={site.system.title}
              hideIcon
            />
          ) : (
            <span className={styles.quiet}>–</span>
          )}
        </td>
      )}
      <td data-label={t('table.owner')}>
        {site.owners.length === 0 && t('table.nobody')}
        {site.owners.slice(0, 2).map((owner, position) => (
          <Fragment key={owner.entityRef}>
            {position > 0 && ', '}
            <EntityRefLink
              entityRef={owner.entityRef}
              title={owner.title}
              hideIcon
            />
          </Fragment>
        ))}
      </td>
      <td data-label={t('table.changed')}>
        <Freshness site={site} />
      </td>
      <td className={styles.number}>
        <span className={styles.wide}>{site.reads.toLocaleString('en')}</span>
        <span className={styles.narrow}>
          {t('table.readsShort', { count: site.reads })}
        </span>
      </td>
    </tr>
  );
}

function Freshness({ site }: { site: DocsSite }) {
  const { t } = useTranslationRef(docsHomeTranslationRef);
  if (!site.changedAt) {
    return <span className={styles.quiet}>{t('table.notBuilt')}</span>;
  }
  const confirmed =
    site.confirmedAt &&
    Date.parse(site.confirmedAt) > Date.parse(site.changedAt);
  return (
    <span className={styles.freshness}>
      <span>
        <RelativeTime value={site.changedAt} />
        {site.changedBy && (
          <span className={styles.quiet}>
            {' '}
            {t('table.by', { name: site.changedBy })}
          </span>
        )}
      </span>
      {confirmed && site.confirmedAt && (
        <span className={styles.quiet}>
          {t('table.confirmed')} <RelativeTime value={site.confirmedAt} />
        </span>
      )}
      {site.stale && (
        <StateLabel state="attention">{t('table.stale')}</StateLabel>
      )}
    </span>
  );
}

/** Titles come in the order of the alphabet, times and counts newest and most first. */
function sortDirection(sort: Sort, column: Sort) {
  if (sort !== column) return undefined;
  return column === 'title' ? 'ascending' : 'descending';
}

function isFirstOfSystem(items: readonly DocsSite[], index: number): boolean {
  return (
    index === 0 ||
    items[index - 1].system?.entityRef !== items[index].system?.entityRef
  );
}

function docsPath(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return `/docs/${[namespace, kind, name].map(encodeURIComponent).join('/')}`;
}
