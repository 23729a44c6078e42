import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Skeleton, Text } from '@backstage/ui';
import type {
  ChangedField,
  DriftedObject,
  EnvironmentColumn,
} from '@waystone/plugin-delivery-common';
import { useCallback, useId } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './DriftSection.module.css';

/** How an environment differs from Git, field by field. */
export function DriftSection(props: {
  entityRef: string;
  environment: EnvironmentColumn;
}) {
  const { entityRef, environment } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const read = useCallback(
    (signal: AbortSignal) => api.getDrift(entityRef, environment.name, signal),
    [api, entityRef, environment.name],
  );
  const { error, refresh, value } = useLive(read);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <Text as="h2" id={id} variant="body-medium" weight="bold">
        {t('drift.title', { environment: environment.title })}
      </Text>
      {error && (
        <Alert
          status="danger"
          icon
          title={t('drift.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={refresh}>
              {t('fleet.retry')}
            </Button>
          }
        />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('drift.loading')}>
          <Skeleton width="100%" height={80} />
        </div>
      )}
      {value?.totalItems === 0 && (
        <Text as="p">
          {t('drift.none')} {t('drift.noneHelp')}
        </Text>
      )}
      {value?.items.map(object => (
        <ObjectDrift
          key={[
            object.group,
            object.kind,
            object.namespace,
            object.name,
          ].join()}
          object={object}
        />
      ))}
    </section>
  );
}

function ObjectDrift(props: { object: DriftedObject }) {
  const { object } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const name = `${object.kind} ${object.name}`;
  return (
    <div className={styles.object}>
      <h3 className={styles.name}>
        {name}{' '}
        {object.change !== 'changed' && (
          <span className={styles.change}>{t(`drift.${object.change}`)}</span>
        )}
      </h3>
      {object.fields.length > 0 && (
        <table className={styles.table} aria-label={name}>
          <thead>
            <tr>
              <th scope="col">{t('drift.field')}</th>
              <th scope="col">{t('drift.git')}</th>
              <th scope="col">{t('drift.cluster')}</th>
            </tr>
          </thead>
          <tbody>
            {object.fields.map(field => (
              <tr key={field.path}>
                <th scope="row">
                  <code>{field.path}</code>
                </th>
                <td data-label={t('drift.git')} className={styles.desired}>
                  <Value field={field} value={field.desired} />
                </td>
                <td data-label={t('drift.cluster')} className={styles.live}>
                  <Value field={field} value={field.live} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {object.moreFields > 0 && (
        <Text as="p" color="secondary">
          {t('drift.more', { count: object.moreFields })}
        </Text>
      )}
    </div>
  );
}

function Value(props: { field: ChangedField; value?: string }) {
  const { field, value } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  if (field.masked) {
    return <span className={styles.change}>{t('drift.masked')}</span>;
  }
  return value === undefined ? (
    <span className={styles.change}>{t('drift.absent')}</span>
  ) : (
    <code>{value}</code>
  );
}
