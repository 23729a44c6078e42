import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiArrowDownSLine, RiArrowRightSLine, RiLink } from '@remixicon/react';
import type { HistoryItem } from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useId, useState } from 'react';
import { FieldDiff } from './FieldDiff';
import styles from './HistoryEntry.module.css';
import { catalogHistoryTranslationRef } from './translation';
import { useSentences } from './useSentences';

/** One change: when and what in a line, its fields below when asked for. */
export function HistoryEntry(props: {
  readonly item: HistoryItem;
  readonly initiallyOpen: boolean;
  /** Where only this change is shown. */
  readonly permalink: string;
}) {
  const { initiallyOpen, item, permalink } = props;
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { ofChange } = useSentences();
  const [open, setOpen] = useState(initiallyOpen);
  const id = useId();
  const hasDetails = item.changes.length > 0;
  const sentence = ofChange(item);
  return (
    <li className={styles.entry}>
      <div className={styles.head}>
        {hasDetails ? (
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {open ? (
              <RiArrowDownSLine size={16} aria-hidden />
            ) : (
              <RiArrowRightSLine size={16} aria-hidden />
            )}
            <span>{sentence}</span>
          </button>
        ) : (
          <p className={styles.sentence}>{sentence}</p>
        )}
        <p className={styles.meta}>
          {item.technical && <span>{t('change.technical')}</span>}
          <RelativeTime value={item.at} />
          {item.commit?.url && (
            <Link to={item.commit.url}>
              {t('change.commit', {
                sha: item.commit.sha.slice(0, 7),
                author: item.commit.author,
              })}
            </Link>
          )}
          {!item.commit && item.sourceUrl && (
            <Link to={item.sourceUrl}>{t('change.source')}</Link>
          )}
          <Link
            to={permalink}
            aria-label={t('change.linkLabel', {
              at: new Date(item.at).toLocaleString(),
            })}
            title={t('change.link')}
            className={styles.permalink}
          >
            <RiLink size={16} aria-hidden />
          </Link>
        </p>
      </div>
      <div id={id} className={styles.details} hidden={!open || !hasDetails}>
        {open && <FieldDiff changes={item.changes} more={item.more} />}
      </div>
    </li>
  );
}
