import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { SecretMetadata } from '@waystone/plugin-governance-common';
import { ListTable, RelativeTime, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { governanceTranslationRef } from '../translation';
import styles from './SecretsList.module.css';

/** What is due within so long is worth a look. */
const SOON_MS = 14 * 86_400_000;

/** Secrets with their age, never with a value. */
export function SecretsList(props: {
  readonly items: readonly SecretMetadata[];
  readonly isOfService?: boolean;
}) {
  const { isOfService, items } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const columns: ListColumn<SecretMetadata>[] = [
    {
      id: 'path',
      label: t('secrets.path'),
      width: '34%',
      render: secret => (
        <span className={styles.path}>
          {secret.path}
          <span className={styles.version}>
            {t('secrets.version', { version: String(secret.version) })}
          </span>
        </span>
      ),
    },
    ...(isOfService
      ? []
      : [
          {
            id: 'service',
            label: t('secrets.service'),
            onSmallScreen: 'plain' as const,
            render: (secret: SecretMetadata) => <Service secret={secret} />,
          },
        ]),
    {
      id: 'due',
      label: t('secrets.rotation'),
      render: secret => <Rotation secret={secret} />,
    },
    {
      id: 'rotated',
      label: t('secrets.rotated'),
      width: '14%',
      render: ({ rotatedAt }) =>
        rotatedAt ? <RelativeTime value={rotatedAt} /> : '–',
    },
    {
      id: 'consumers',
      label: t('secrets.consumers'),
      width: '18%',
      onSmallScreen: 'hidden',
      render: ({ consumers }) =>
        consumers.length > 0
          ? consumers
              .map(
                ({ cluster, name, namespace }) =>
                  `${cluster}/${namespace ?? ''}/${name}`,
              )
              .join(', ')
          : t('secrets.noConsumers'),
    },
  ];
  return (
    <ListTable
      label={t('page.secrets')}
      columns={columns}
      items={items}
      keyOf={({ entityRef, id }) => `${entityRef} ${id}`}
    />
  );
}

function Service(props: { readonly secret: SecretMetadata }) {
  const { entityRef, title } = props.secret;
  const entityRoute = useRouteRef(entityRouteRef);
  return (
    <Link
      to={`${entityRoute?.(parseEntityRef(entityRef)) ?? ''}/governance`}
      className={styles.service}
    >
      {title}
    </Link>
  );
}

function Rotation(props: { readonly secret: SecretMetadata }) {
  const { overdue, rotationDue } = props.secret;
  const { t } = useTranslationRef(governanceTranslationRef);
  if (!rotationDue) {
    return <StateLabel state="unknown">{t('secrets.noDue')}</StateLabel>;
  }
  const soon = Date.parse(rotationDue) - Date.now() < SOON_MS;
  const state = (overdue && 'overdue') || (soon ? 'soon' : 'later');
  return (
    <span className={styles.rotation}>
      <StateLabel
        state={
          (
            {
              overdue: 'critical',
              soon: 'attention',
              later: 'healthy',
            } as const
          )[state]
        }
      >
        {t(`secrets.${state}`)}
      </StateLabel>{' '}
      <RelativeTime value={rotationDue} />
    </span>
  );
}
