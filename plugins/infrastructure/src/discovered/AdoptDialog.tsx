import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Select, Skeleton, Text } from '@backstage/ui';
import type { Discovered } from '@waystone/plugin-infrastructure-common';
import { Problem } from '@waystone/ui';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { ActionDialog } from '../detail/ActionDialog';
import { useTeams } from '../request/useTeams';
import { infrastructureTranslationRef } from '../translation';

const GIT_TOOLS = ['Argo CD', 'Flux'];

/** Takes over what was made with something else, for a team. */
export function AdoptDialog(props: {
  base: string;
  item: Discovered;
  onChange(): void;
}) {
  const { base, item, onChange } = props;
  const { kind, madeWith, name, namespace } = item;
  const api = useApi(infrastructureApiRef);
  const navigate = useNavigate();
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [owner, setOwner] = useState<string>();
  // One key for one dialog: sending it twice takes over once.
  const key = useRef(crypto.randomUUID());
  return (
    <ActionDialog
      label={t('discovered.adopt')}
      accessibleLabel={t('discovered.adoptLabel', { name })}
      title={t('discovered.adoptTitle', { name })}
      confirm={t('discovered.adoptTitle', { name })}
      isDisabled={!owner}
      onConfirm={async () => {
        const { cluster, offering, system } = item;
        const { id } = await api.adopt(
          {
            cluster,
            namespace,
            name,
            offering,
            owner: owner!,
            ...(system && { system }),
          },
          key.current,
        );
        navigate(`${base}/requests/${id}`);
      }}
      onChange={onChange}
    >
      <Text>{t('discovered.adoptHelp', { kind, name, namespace })}</Text>
      {madeWith && GIT_TOOLS.includes(madeWith) && (
        <Alert
          status="warning"
          icon
          title={t('discovered.adoptGit', { tool: madeWith })}
        />
      )}
      <TeamChoice value={owner} onChange={setOwner} />
    </ActionDialog>
  );
}

function TeamChoice(props: {
  value: string | undefined;
  onChange(owner: string): void;
}) {
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const { value: teams, error } = useTeams();
  if (error) {
    return <Problem title={t('page.failed')} error={error} />;
  }
  return teams ? (
    <Select
      label={t('discovered.adoptTeam')}
      options={teams.owners.map(ref => ({
        value: ref,
        label: ref.slice(ref.indexOf('/') + 1),
      }))}
      value={props.value ?? null}
      onChange={next => props.onChange(String(next))}
    />
  ) : (
    <Skeleton width="100%" height={48} />
  );
}
