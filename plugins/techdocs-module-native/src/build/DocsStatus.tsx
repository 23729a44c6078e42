import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useTechDocsReaderPage } from '@backstage/plugin-techdocs-react';
import { Alert, Button, Link } from '@backstage/ui';
import { RelativeTime } from '@waystone/ui';
import type {
  DocsBuild,
  DocsPage,
} from '@waystone/plugin-techdocs-native-common';
import { FeedbackForm } from '../feedback/FeedbackForm';
import { feedbackPath } from '../feedback/feedbackPath';
import { BelowPage } from '../reader/BelowPage';
import { ReaderTools } from '../reader/ReaderTools';
import { useDocsPage } from '../reader/useDocsPage';
import { useDocumentTitle } from '../reader/useDocumentTitle';
import { useReaderTitle } from '../reader/useReaderTitle';
import { useSidebarPosition } from '../reader/useSidebarPosition';
import { techdocsNativeTranslationRef } from '../translation';
import { ProblemList } from './ProblemList';
import { useDocsBuild } from './useDocsBuild';
import styles from './DocsStatus.module.css';

const YEAR = 365 * 24 * 3600 * 1000;

/** Above the pages: whether they are those of the newest source, how old they are, and, for owners, what is wrong with them. */
export function DocsStatus() {
  const { build, confirm } = useDocsBuild();
  const { page, path } = useDocsPage();
  const { entityRef } = useTechDocsReaderPage();
  useDocumentTitle(useReaderTitle(entityRef.name, path));
  const ref = useSidebarPosition();
  if (!build || build.state === 'unknown') return null;
  return (
    <div ref={ref} className={styles.status}>
      {build.state === 'failed' && <FailedBuild build={build} />}
      {build.state === 'built' && build.problems.length > 0 && (
        <Problems build={build} />
      )}
      <div className={styles.line}>
        <Age build={build} page={page} onConfirm={confirm} />
        <ReaderTools issueUrl={page?.issueUrl} />
      </div>
      <BelowPage>
        <div className={styles.foot}>
          <FeedbackForm page={path} />
          {build.owner && <OwnersLink />}
        </div>
      </BelowPage>
    </div>
  );
}

function OwnersLink() {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const { entityRef } = useTechDocsReaderPage();
  return <Link href={feedbackPath(entityRef)}>{t('feedback.all')}</Link>;
}

function FailedBuild({ build }: { build: DocsBuild }) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  return (
    <Alert
      status={build.owner ? 'danger' : 'warning'}
      icon
      title={t(build.builtAt ? 'build.failed' : 'build.failedUnknown')}
      description={
        <div>
          {build.builtAt ? (
            <>
              {t(build.owner ? 'build.failedOwner' : 'build.failedReader')}{' '}
              <RelativeTime value={build.builtAt} />.
            </>
          ) : (
            t('build.neverBuilt')
          )}
          {build.owner && build.problems.length === 0 && build.error && (
            <p className={styles.error}>{build.error}</p>
          )}
          {build.problems.length > 0 && (
            <ProblemList problems={build.problems} />
          )}
        </div>
      }
    />
  );
}

function Problems({ build }: { build: DocsBuild }) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const [open, setOpen] = useState(false);
  return (
    <Alert
      status="warning"
      icon
      title={t('build.problems', { count: build.problems.length })}
      description={
        <div>
          {t('build.problemsNote')}
          {open && <ProblemList problems={build.problems} />}
        </div>
      }
      customActions={
        <Button
          size="small"
          variant="tertiary"
          aria-expanded={open}
          onPress={() => setOpen(!open)}
        >
          {t(open ? 'build.hide' : 'build.show')}
        </Button>
      }
    />
  );
}

function Age(props: {
  build: DocsBuild;
  page: DocsPage | undefined;
  onConfirm: () => Promise<void>;
}) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const { changedAt, changedBy, confirmedAt, owner } = props.build;
  const ofPage = props.page?.updatedAt !== undefined;
  const at = props.page?.updatedAt ?? changedAt;
  const by = ofPage ? props.page?.updatedBy : changedBy;
  if (!at) return null;
  // What is stale is the whole: whoever keeps its other pages up reads this one too
  const latest = Math.max(
    Date.parse(changedAt ?? at),
    confirmedAt ? Date.parse(confirmedAt) : 0,
  );
  const stale = Date.now() - latest > YEAR;
  return (
    <span className={styles.age}>
      {t(ofPage ? 'build.pageUpdated' : 'build.changed')}{' '}
      <RelativeTime value={at} />
      {by && <> {t('build.by', { name: by })}</>}
      {confirmedAt && Date.parse(confirmedAt) > Date.parse(at) && (
        <>
          {' · '}
          {t('build.confirmed')} <RelativeTime value={confirmedAt} />
        </>
      )}
      {stale && (
        <span className={styles.stale}>
          {' · '}
          {t('build.stale')}
        </span>
      )}
      {stale && owner && (
        <Button size="small" variant="tertiary" onPress={props.onConfirm}>
          {t('build.confirm')}
        </Button>
      )}
    </span>
  );
}
