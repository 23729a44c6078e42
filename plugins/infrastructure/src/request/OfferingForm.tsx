import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { readEnvironments } from '@waystone/environments';
import type {
  OfferingList,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import { EmptyState, Problem, usePolling } from '@waystone/ui';
import { useCallback, useMemo } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { RequestForm } from './RequestForm';
import { useTeams } from './useTeams';

const INTERVAL_MS = 60_000;

/** The form of an offering once it and the teams of whoever is signed in are known; what a draft has, it begins with. */
export function OfferingForm(props: {
  base: string;
  offering: string;
  draft?: RequestDetail;
  onSubmitted?(): void;
}) {
  const { base, draft, offering: id, onSubmitted } = props;
  const api = useApi(infrastructureApiRef);
  const config = useApi(configApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const environments = useMemo(() => readEnvironments(config), [config]);
  const read = useCallback(
    (signal: AbortSignal) => api.listOfferings(signal),
    [api],
  );
  const { value, error, refresh } = usePolling<OfferingList>(read, INTERVAL_MS);
  const teams = useTeams();
  const offering = value?.items.find(item => item.id === id);
  const problem = error ?? teams.error;
  return (
    <>
      {problem && (
        <Problem title={t('page.failed')} error={problem} onRetry={refresh} />
      )}
      {!problem && (!value || !teams.value) && (
        <Skeleton width="100%" height={320} />
      )}
      {value && !offering && (
        <EmptyState title={t('form.unknown')} help={t('form.unknownHelp')} />
      )}
      {offering && teams.value && teams.value.owners.length === 0 && (
        <EmptyState title={t('form.noTeam')} help={t('form.noTeamHelp')} />
      )}
      {offering && teams.value && teams.value.owners.length > 0 && (
        <RequestForm
          base={base}
          draft={draft}
          onSubmitted={onSubmitted}
          environments={environments.all}
          offering={offering}
          teams={teams.value}
        />
      )}
    </>
  );
}
