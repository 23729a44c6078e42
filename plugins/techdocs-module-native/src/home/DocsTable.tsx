import { Fragment } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import type {
  DocsSite,
  DocsSitesQuery,
} from '@waystone/plugin-techdocs-native-common';
import { ListTable, RelativeTime, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
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
  const columns: readonly ListColumn<DocsSite>[] = [
    {
      id: 'title',
      label: t('table.title'),
      width: '42%',
      isSortable: true,
      render: site => <Name site={site} />,
    },
    ...(grouped ? [] : [systemColumn(t('table.system'))]),
    {
      id: 'owner',
      label: t('table.owner'),
      render: ({ owners }) => (
        <>
          {owners.length === 0 && t('table.nobody')}
          {owners.slice(0, 2).map((owner, position) => (
            <Fragment key={owner.entityRef}>
              {position > 0 && ', '}
              <EntityRefLink
                entityRef={owner.entityRef}
                title={owner.title}
                hideIcon
              />
            </Fragment>
          ))}
        </>
      ),
    },
    {
      id: 'changed',
      label: t('table.changed'),
      isSortable: true,
      render: site => <Freshness site={site} />,
    },
    {
      id: 'reads',
      label: t('table.reads'),
      isNumber: true,
      isSortable: true,
      render: ({ reads }) => reads.toLocaleString('en'),
    },
  ];
  return (
    <ListTable
      label={t('table.label')}
      columns={columns}
      items={items}
      keyOf={({ entityRef }) => entityRef}
      busy={busy}
      groupOf={
        grouped
          ? ({ system }) => system?.title ?? t('table.noSystem')
          : undefined
      }
      sort={{
        by: sort,
        // Titles come in the order of the alphabet, times and counts newest and most first
        order: sort === 'title' ? 'asc' : 'desc',
        onChange: column => onSort(column as Sort),
      }}
    />
  );
}

function systemColumn(label: string): ListColumn<DocsSite> {
  return {
    id: 'system',
    label,
    render: ({ system }) =>
      system ? (
        <EntityRefLink
          entityRef={system.entityRef}
          title={system.title}
          hideIcon
        />
      ) : (
        '–'
      ),
  };
}

function Name({ site }: { site: DocsSite }) {
  const { t } = useTranslationRef(docsHomeTranslationRef);
  return (
    <>
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
    </>
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

function docsPath(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return `/docs/${[namespace, kind, name].map(encodeURIComponent).join('/')}`;
}
