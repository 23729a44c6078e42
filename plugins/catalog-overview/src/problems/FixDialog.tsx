import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
  Skeleton,
  Text,
} from '@backstage/ui';
import { ProblemEntry } from './ProblemEntry';
import styles from './ProblemStrip.module.css';
import { catalogProblemsTranslationRef } from './translation';
import { useEntityProblems } from './useEntityProblems';

/** The problems of an entity with lines and patches, without leaving the list of all. */
export function FixDialog(props: { entityRef: string }) {
  const { entityRef } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  return (
    <DialogTrigger>
      <Button
        variant="secondary"
        size="small"
        aria-label={t('table.fixLabel', { entity: entityRef })}
      >
        {t('table.fix')}
      </Button>
      <Dialog width={720}>
        <DialogHeader>{t('details.title', { entity: entityRef })}</DialogHeader>
        <DialogBody>
          <Details entityRef={entityRef} />
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" slot="close">
            {t('details.close')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}

function Details(props: { entityRef: string }) {
  const { entityRef } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const { error, response } = useEntityProblems(entityRef);
  if (error) {
    return (
      <Alert
        status="danger"
        icon
        title={t('details.failed')}
        description={error.message}
      />
    );
  }
  if (!response) {
    return (
      <div role="status" aria-label={t('details.loading')}>
        <Skeleton width="100%" height={120} />
      </div>
    );
  }
  if (response.items.length === 0) {
    return <Text>{t('details.none')}</Text>;
  }
  return (
    <ul className={styles.list}>
      {response.items.map((problem, index) => (
        <ProblemEntry
          key={index}
          entityRef={entityRef}
          problem={problem}
          target={response.proposal}
        />
      ))}
    </ul>
  );
}
