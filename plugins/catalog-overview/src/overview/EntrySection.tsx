import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useState } from 'react';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './EntrySection.module.css';

/** Where this entry comes from, and how fresh it is. */
export function EntrySection(props: {
  entity: Entity;
  response?: OverviewResponse;
}) {
  const { entity, response } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const { changedAt, refreshAt, sourceUrl } = response?.entry ?? {};
  const location =
    entity.metadata.annotations?.['backstage.io/managed-by-location'];
  return (
    <section className={styles.entry} aria-label={t('overview.entry')}>
      <dl className={styles.facts}>
        <div>
          <dt>{t('overview.ref')}</dt>
          <dd className={styles.ref}>
            <code>{entityRef}</code>
            <CopyButton text={entityRef} />
          </dd>
        </div>
        <div>
          <dt>{t('overview.changed')}</dt>
          <dd>{changedAt ? <RelativeTime value={changedAt} /> : '–'}</dd>
        </div>
        <div>
          <dt>{t('overview.refreshed')}</dt>
          <dd>{refreshAt ? <RelativeTime value={refreshAt} /> : '–'}</dd>
        </div>
        <div className={styles.source}>
          <dt>{t('overview.source')}</dt>
          <dd>
            {sourceUrl ? (
              <Link to={sourceUrl}>{fileOf(location) ?? sourceUrl}</Link>
            ) : (
              <span title={location}>{fileOf(location) ?? '–'}</span>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** The end of a location, which says what file it is; the whole is in the tooltip. */
function fileOf(location: string | undefined): string | undefined {
  const parts = location?.slice(location.indexOf(':') + 1).split('/');
  return parts && parts.length > 3
    ? `…/${parts.slice(-3).join('/')}`
    : parts?.join('/');
}

function CopyButton(props: { text: string }) {
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(props.text);
    setCopied(true);
  };
  return (
    <>
      <ButtonIcon
        aria-label={t('overview.copy')}
        variant="tertiary"
        size="small"
        icon={
          copied ? <RiCheckLine aria-hidden /> : <RiFileCopyLine aria-hidden />
        }
        onPress={copy}
      />
      <span role="status" className={styles.copied}>
        {copied && t('overview.copied')}
      </span>
    </>
  );
}
