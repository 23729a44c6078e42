import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  EntityProblemsResponse,
  SourceCommit,
} from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import styles from './ProblemStrip.module.css';
import { catalogProblemsTranslationRef } from './translation';

/** Which version of an entry is shown, since when the newest can't be taken, and where it is broken. */
export function VersionNote(props: { response: EntityProblemsResponse }) {
  const { broken, items, shownSince } = props.response;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const place = items.find(
    ({ line, severity }) => severity === 'error' && line !== undefined,
  );
  return (
    <p className={styles.outdated}>
      {broken?.shown ? (
        <>
          {t('strip.shownCommit')} <Commit commit={broken.shown} />,{' '}
          <RelativeTime value={broken.shown.at} />.
        </>
      ) : (
        <>
          {shownSince ? t('strip.shownSince') : t('strip.shownUnknown')}
          {shownSince && (
            <>
              {' '}
              <RelativeTime value={shownSince} />.
            </>
          )}
        </>
      )}
      {broken?.since && (
        <>
          {' '}
          {t('strip.brokenSince')} <RelativeTime value={broken.since} />
          {broken.by && (
            <>
              {' '}
              ({t('strip.brokenBy')} <Commit commit={broken.by} />)
            </>
          )}
          .
        </>
      )}
      {place && (
        <>
          {' '}
          {t('strip.brokenAt', {
            line: String(place.line),
            column: String(place.column ?? 1),
          })}
        </>
      )}
    </p>
  );
}

function Commit(props: { commit: SourceCommit }) {
  const { author, sha, url } = props.commit;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  return (
    <>
      <Link href={url} target="_blank" variant="body-small">
        <code>{sha.slice(0, 7)}</code>
      </Link>{' '}
      {t('strip.commitBy', { author })}
    </>
  );
}
