import {
  DEFAULT_NAMESPACE,
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
} from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { Link as RouterLink } from 'react-router-dom';
import { entityPath } from '../../components/entityPath';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { CardError, EmptyText, HomeCard, LoadingRows } from './HomeCard';
import styles from './MyServices.module.css';
import type { useMyServices } from './useMyServices';

function RelatedEntity(props: {
  entity: Entity;
  value?: string;
  kind: string;
}) {
  if (!props.value) {
    return null;
  }
  const ref = parseEntityRef(props.value, {
    defaultKind: props.kind,
    defaultNamespace: props.entity.metadata.namespace ?? DEFAULT_NAMESPACE,
  });
  return <EntityRefLink entityRef={ref} defaultKind={props.kind} hideIcon />;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function ServiceRow(props: { entity: Entity }) {
  const { entity } = props;
  const { metadata, spec } = entity;
  const owner = text(spec?.owner);
  const system = text(spec?.system);
  return (
    <tr>
      <td className={styles.name}>
        <RouterLink
          to={entityPath(getCompoundEntityRef(entity))}
          className={styles.link}
        >
          {metadata.title ?? metadata.name}
        </RouterLink>
        <span className={styles.description} title={metadata.description}>
          {metadata.description}
        </span>
      </td>
      <td className={styles.wide}>
        <RelatedEntity entity={entity} value={system} kind="System" />
      </td>
      <td className={styles.wide}>
        <RelatedEntity entity={entity} value={owner} kind="Group" />
      </td>
      <td>{text(spec?.lifecycle)}</td>
      <td className={styles.number}>
        {metadata.annotations?.['waystone.dev/tier'] ?? '–'}
      </td>
    </tr>
  );
}

/** The components that the signed-in person and her groups own. */
export function MyServices(props: {
  services: ReturnType<typeof useMyServices>;
}) {
  const { value, error, loading, retry } = props.services;
  const { t } = useTranslationRef(shellTranslationRef);
  const all = '/catalog?filters%5Bkind%5D=component&filters%5Buser%5D=owned';

  return (
    <HomeCard
      title={t('services.title')}
      action={
        <Link href={all} variant="body-small">
          {value && value.totalItems > value.items.length
            ? t('services.more', { total: String(value.totalItems) })
            : t('services.all')}
        </Link>
      }
    >
      {error && <CardError error={error} retry={retry} />}
      {!value && loading && <LoadingRows rows={6} />}
      {value && value.items.length === 0 && (
        <EmptyText title={t('services.empty')} help={t('services.emptyHelp')} />
      )}
      {value && value.items.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('services.name')}</th>
              <th scope="col" className={styles.wide}>
                {t('services.system')}
              </th>
              <th scope="col" className={styles.wide}>
                {t('services.owner')}
              </th>
              <th scope="col">{t('services.lifecycle')}</th>
              <th scope="col" className={styles.number}>
                {t('services.tier')}
              </th>
            </tr>
          </thead>
          <tbody>
            {value.items.map(entity => (
              <ServiceRow
                key={entityPath(getCompoundEntityRef(entity))}
                entity={entity}
              />
            ))}
          </tbody>
        </table>
      )}
    </HomeCard>
  );
}
