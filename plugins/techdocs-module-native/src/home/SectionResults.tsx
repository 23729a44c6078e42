import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { HighlightedSearchResultText } from '@backstage/plugin-search-react';
import type { SearchResult } from '@backstage/plugin-search-common';
import { Link, Skeleton } from '@backstage/ui';
import { docsHomeTranslationRef } from './homeTranslation';
import styles from './SectionResults.module.css';
import { useSections } from './useSections';

/** The sections of all docs that match the words, in place. */
export function SectionResults(props: { term: string }) {
  const { term } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const { error, results } = useSections(term);
  return (
    <section className={styles.sections} aria-label={t('sections.label')}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('sections.title')}</h2>
        {results && results.length > 0 && (
          <Link
            href={`/search?query=${encodeURIComponent(
              term.trim(),
            )}&types[]=techdocs`}
          >
            {t('sections.all')}
          </Link>
        )}
      </div>
      {error && (
        <p role="alert" className={styles.note}>
          {t('sections.failed', { reason: error.message })}
        </p>
      )}
      {!error && !results && (
        <div role="status" aria-label={t('sections.searching')}>
          <Skeleton width="100%" height={120} />
        </div>
      )}
      {results?.length === 0 && (
        <p role="status" className={styles.note}>
          {t('sections.none')}
        </p>
      )}
      {results && results.length > 0 && (
        <ol className={styles.list}>
          {results.map(result => (
            <Section key={result.document.location} result={result} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Section({ result }: { result: SearchResult }) {
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const { document, highlight } = result;
  const { entityTitle, name } = document as typeof document & {
    readonly entityTitle?: string;
    readonly name?: string;
  };
  const marked = (text: string) => (
    <HighlightedSearchResultText
      text={text}
      preTag={highlight?.preTag ?? ''}
      postTag={highlight?.postTag ?? ''}
    />
  );
  return (
    <li className={styles.section}>
      <Link href={document.location} className={styles.link}>
        {highlight?.fields.title
          ? marked(highlight.fields.title)
          : document.title}
      </Link>{' '}
      <span className={styles.site}>
        {t('sections.in', { site: entityTitle || name || '' })}
      </span>
      <p className={styles.text}>
        {highlight?.fields.text
          ? marked(highlight.fields.text)
          : document.text.slice(0, 200)}
      </p>
    </li>
  );
}
