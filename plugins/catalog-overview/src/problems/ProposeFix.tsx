import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Link } from '@backstage/ui';
import { RiGitPullRequestLine } from '@remixicon/react';
import type {
  EntityProblem,
  ProposalTarget,
} from '@waystone/plugin-catalog-overview-common';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import styles from './ProposeFix.module.css';
import { catalogProblemsTranslationRef } from './translation';
import { useProposal } from './useProposal';

/** Opens a pull request with the lines above it, after saying where it goes and in whose name. */
export function ProposeFix(props: {
  entityRef: string;
  problem: EntityProblem;
  target: ProposalTarget;
}) {
  const { entityRef, problem, target } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const api = useApi(catalogProblemsApiRef);
  const proposal = useProposal(() =>
    api.proposeFix(entityRef, problem.fixId ?? ''),
  );
  const open = proposal.value ?? problem.pullRequest;
  if (open) {
    return (
      <p className={styles.open} role="status">
        <RiGitPullRequestLine size={16} aria-hidden />
        <Link href={open.url} target="_blank" variant="body-small">
          {t('propose.opened', { number: String(open.number) })}
        </Link>
      </p>
    );
  }
  if (!target.possible) {
    return (
      <p className={styles.reason}>
        {t('propose.impossible', { reason: target.reason })}
      </p>
    );
  }
  const { branch, repository } = target;
  return (
    <div className={styles.propose}>
      {!proposal.asking && (
        <Button
          variant="secondary"
          size="small"
          iconStart={<RiGitPullRequestLine aria-hidden />}
          onPress={proposal.ask}
        >
          {t('propose.ask')}
        </Button>
      )}
      {proposal.asking && (
        <div role="group" aria-label={t('propose.ask')}>
          <p className={styles.reason}>
            {t('propose.explain', { branch, repository })}
          </p>
          <div className={styles.actions}>
            <Button
              variant="primary"
              size="small"
              isDisabled={proposal.busy}
              onPress={proposal.confirm}
            >
              {proposal.busy
                ? t('propose.busy')
                : t('propose.confirm', { repository })}
            </Button>
            <Button
              variant="secondary"
              size="small"
              isDisabled={proposal.busy}
              onPress={proposal.cancel}
            >
              {t('propose.cancel')}
            </Button>
          </div>
        </div>
      )}
      {proposal.error && (
        <Alert
          status="danger"
          icon
          title={t('propose.failed')}
          description={proposal.error.message}
        />
      )}
    </div>
  );
}
