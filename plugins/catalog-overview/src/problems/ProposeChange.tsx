import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Link } from '@backstage/ui';
import { RiGitPullRequestLine } from '@remixicon/react';
import type {
  Proposal,
  ProposalTarget,
} from '@waystone/plugin-catalog-overview-common';
import styles from './ProposeChange.module.css';
import { catalogProblemsTranslationRef } from './translation';
import { useProposal } from './useProposal';

/** Opens a pull request with the lines above it, after saying where it goes and in whose name. */
export function ProposeChange(props: {
  target: ProposalTarget;
  /** The one that is open already. */
  pullRequest?: { number: number; url: string };
  propose(): Promise<Proposal>;
}) {
  const { propose, pullRequest, target } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const proposal = useProposal(propose);
  const open = proposal.value ?? pullRequest;
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
