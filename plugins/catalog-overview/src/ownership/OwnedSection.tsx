import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type {
  OwnershipItem,
  OwnershipResponse,
} from '@waystone/plugin-catalog-overview-common';
import { ListTable, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { Section } from '../overview/Section';
import layout from './OwnershipLayout.module.css';
import styles from './OwnershipTable.module.css';
import { catalogOwnershipTranslationRef } from './translation';

/** What a team or a person owns, with what is wrong with it. */
export function OwnedSection(props: {
  readonly response: OwnershipResponse;
  readonly isPerson: boolean;
}) {
  const { isPerson, response } = props;
  const { entityRef, owned, problems } = response;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const byOwner = new URLSearchParams({ owner: entityRef });
  return (
    <Section
      title={t(isPerson ? 'owned.titlePerson' : 'owned.title')}
      aside={
        problems &&
        problems.errors + problems.warnings > 0 && (
          <Link to={`/catalog-problems?${byOwner}`}>
            {t('owned.allProblems')}
          </Link>
        )
      }
    >
      {owned.total === 0 ? (
        <div>
          <Text as="p">{t('owned.none')}</Text>
          <Text as="p" color="secondary" variant="body-small">
            {t('owned.noneHelp')}
          </Text>
        </div>
      ) : (
        <>
          <p className={layout.summary} role="status">
            {t('owned.total', { count: owned.total })}
            {owned.direct < owned.total &&
              `, ${
                owned.direct === 0
                  ? t('owned.byTeams')
                  : t('owned.direct', {
                      direct: owned.direct.toLocaleString('en'),
                    })
              }`}
            {problems && problems.errors > 0 && (
              <>, {t('owned.errors', { count: problems.errors })}</>
            )}
            {problems && problems.warnings > 0 && (
              <>, {t('owned.warnings', { count: problems.warnings })}</>
            )}
          </p>
          <OwnedTable items={owned.items} />
          {owned.total > owned.items.length && (
            <p className={layout.note}>
              {t('owned.shown', {
                shown: owned.items.length.toLocaleString('en'),
                total: owned.total.toLocaleString('en'),
              })}{' '}
              <Link to={`/catalog?kind=all&${byOwner}`}>
                {t('owned.inIndex')}
              </Link>
            </p>
          )}
        </>
      )}
    </Section>
  );
}

function OwnedTable(props: { readonly items: readonly OwnershipItem[] }) {
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const columns: readonly ListColumn<OwnershipItem>[] = [
    {
      id: 'name',
      label: t('owned.name'),
      render: ({ entityRef, title }) => (
        <EntityRefLink entityRef={entityRef} title={title} hideIcon />
      ),
    },
    {
      id: 'kind',
      label: t('owned.kind'),
      render: ({ kind, type }) => (type ? `${kind}, ${type}` : kind),
    },
    {
      id: 'lifecycle',
      label: t('owned.lifecycle'),
      render: ({ lifecycle }) => (
        <span
          className={lifecycle === 'deprecated' ? styles.deprecated : undefined}
        >
          {lifecycle ?? '–'}
        </span>
      ),
    },
    {
      id: 'tier',
      label: t('owned.tier'),
      isNumber: true,
      onSmallScreen: 'hidden',
      render: ({ tier }) => tier ?? '–',
    },
    {
      id: 'owner',
      label: t('owned.owner'),
      onSmallScreen: 'hidden',
      render: ({ owner }) => (
        <EntityRefLink
          entityRef={owner.entityRef}
          title={owner.title}
          hideIcon
        />
      ),
    },
    {
      id: 'problems',
      label: t('owned.problems'),
      render: item => <Problems item={item} />,
    },
  ];
  return (
    <ListTable
      label={t('owned.label')}
      columns={columns}
      items={props.items}
      keyOf={({ entityRef }) => entityRef}
    />
  );
}

function Problems(props: { readonly item: OwnershipItem }) {
  const { entityRef, errors, warnings } = props.item;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  if (errors === undefined || warnings === undefined) {
    return <>–</>;
  }
  if (errors + warnings === 0) {
    return <span className={styles.quiet}>{t('owned.noProblems')}</span>;
  }
  return (
    <Link to={`/catalog-problems?${new URLSearchParams({ q: entityRef })}`}>
      <StateLabel state={errors > 0 ? 'critical' : 'attention'}>
        {errors > 0
          ? t('owned.errors', { count: errors })
          : t('owned.warnings', { count: warnings })}
      </StateLabel>
    </Link>
  );
}
