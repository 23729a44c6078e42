import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  FindingsFilter,
  Misconfiguration,
  Violation,
  Vulnerability,
} from '@waystone/plugin-governance-common';
import { Alert } from '@backstage/ui';
import {
  ListFoot,
  ListTable,
  LoadingRows,
  Problem,
  RelativeTime,
  usePages,
} from '@waystone/ui';
import type { ListColumn, ListSort } from '@waystone/ui';
import type { ReactNode } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import type { FindingKind, FindingsResponse } from '../api/GovernanceClient';
import { SeverityLabel } from '../shared/SeverityLabel';
import { shortName } from '../shared/shortName';
import { governanceTranslationRef } from '../translation';
import styles from './FindingsList.module.css';
import { SubjectLink } from './SubjectLink';

type Item = Violation | Vulnerability | Misconfiguration;

const PAGE = 100;

/** The findings that a filter leaves, page by page. */
export function FindingsList(props: {
  readonly kind: FindingKind;
  readonly filter: FindingsFilter;
  /** Another one, and the list is read anew. */
  readonly version?: number;
  readonly sort?: ListSort;
  /** How many there are at first. */
  readonly pageSize?: number;
  /** What is told above of all of them. */
  readonly head?: (response: FindingsResponse) => ReactNode;
  /** Whether the service is known from the page. */
  readonly isOfService?: boolean;
}) {
  const { filter, head, isOfService, kind, sort, version = 0 } = props;
  const { pageSize = PAGE } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const { error, items, loading, more, response, retry } = usePages<
    Item,
    FindingsResponse
  >(JSON.stringify([kind, filter, version]), (cursor, signal) =>
    api.listFindings(kind, { ...filter, cursor, limit: pageSize }, signal),
  );
  const columns: ListColumn<Item>[] = [
    {
      id: 'key',
      label: t(`column.${kind}`),
      isSortable: true,
      width: '38%',
      render: item => <What item={item} />,
    },
    {
      id: 'severity',
      label: t('column.severity'),
      isSortable: true,
      width: '11%',
      render: item => <SeverityLabel severity={item.severity} />,
    },
    {
      id: 'service',
      label: t('column.service'),
      isSortable: true,
      onSmallScreen: 'plain',
      render: item => (
        <SubjectLink subject={item.subject} isOfService={isOfService} />
      ),
    },
    ...(isOfService
      ? []
      : [
          {
            id: 'owner',
            label: t('column.owner'),
            isSortable: true,
            width: '11%',
            onSmallScreen: 'hidden' as const,
            render: (item: Item) =>
              item.subject.owner ? shortName(item.subject.owner) : '–',
          },
        ]),
    {
      id: 'due',
      label: t('column.due'),
      isSortable: true,
      width: '11%',
      render: item => <Due item={item} />,
    },
  ];
  if (error) {
    return <Problem title={t('list.failed')} error={error} onRetry={retry} />;
  }
  if (!response) {
    return <LoadingRows />;
  }
  if (head && response.totalItems === 0) {
    return <>{head(response)}</>;
  }
  return (
    <>
      {head?.(response)}
      {'capped' in response && response.capped.length > 0 && (
        <Alert
          status="info"
          icon
          title={t('list.capped')}
          description={response.capped
            .slice(0, 5)
            .map(({ cluster, known, title, total }) =>
              t('list.cappedPolicy', {
                policy: title,
                cluster,
                known: known.toLocaleString('en'),
                total: total.toLocaleString('en'),
              }),
            )
            .join(' ')}
        />
      )}
      <ListTable
        label={t(`page.${kind}`)}
        columns={columns}
        items={items}
        keyOf={item => item.id}
        busy={loading}
        sort={sort}
        totalItems={response.totalItems}
      />
      {response.totalItems > pageSize && (
        <ListFoot
          shown={items.length}
          total={response.totalItems}
          loading={loading}
          onMore={more}
        />
      )}
    </>
  );
}

/** What was found and what to do. All of it is text: messages of clusters may look like markup. */
function What(props: { readonly item: Item }) {
  const { item } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const isVulnerability = 'vulnerability' in item;
  return (
    <div className={styles.what}>
      <span className={styles.title}>
        {isVulnerability ? (
          <>
            {item.url ? (
              <a href={item.url} target="_blank" rel="noopener noreferrer">
                {item.vulnerability}
              </a>
            ) : (
              item.vulnerability
            )}{' '}
            <span className={styles.package}>
              {item.package} {item.installed}
              {item.fixed ? ` → ${item.fixed}` : ''}
            </span>
          </>
        ) : (
          item.title
        )}
      </span>
      <span className={styles.message}>
        {item.message}
        {'objects' in item && item.objects > 1 && (
          <> ({t('list.objects', { count: item.objects })})</>
        )}
      </span>
      {item.fix && <span className={styles.fix}>{item.fix}</span>}
    </div>
  );
}

function Due(props: { readonly item: Item }) {
  const { due, overdue, since } = props.item;
  const { t } = useTranslationRef(governanceTranslationRef);
  if (due) {
    return (
      <span className={overdue ? styles.overdue : undefined}>
        {overdue && `${t('list.overdue')} `}
        <RelativeTime value={due} />
      </span>
    );
  }
  return since ? (
    <span className={styles.since}>
      {t('list.since')} <RelativeTime value={since} />
    </span>
  ) : null;
}
