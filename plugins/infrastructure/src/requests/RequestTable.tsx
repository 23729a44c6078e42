import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';
import { ListTable, RelativeTime } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { formatMoney } from '../components/formatMoney';
import { RequestState } from '../components/RequestState';
import { infrastructureTranslationRef } from '../translation';

/** Requests: a table, or on a small screen a list of cards. With `withReason`, who asked and what for. */
export function RequestTable(props: {
  base: string;
  label: string;
  items: readonly InfrastructureRequest[];
  totalItems?: number;
  withReason?: boolean;
}) {
  const { base, label, items, totalItems, withReason = false } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const columns: ListColumn<InfrastructureRequest>[] = [
    {
      id: 'name',
      label: t('list.name'),
      render: ({ id, name }) => (
        <Link to={`${base}/requests/${id}`}>{name || t('list.unnamed')}</Link>
      ),
    },
    {
      id: 'status',
      label: t('list.status'),
      onSmallScreen: 'plain',
      render: ({ status }) => <RequestState status={status} />,
    },
    {
      id: 'kind',
      label: t('list.kind'),
      render: ({ offeringTitle }) => offeringTitle,
    },
    {
      id: 'environment',
      label: t('list.environment'),
      render: ({ environment }) => environment,
    },
    {
      id: 'owner',
      label: t('list.owner'),
      render: ({ owner }) => <EntityRefLink entityRef={owner} hideIcon />,
    },
    ...(withReason
      ? [
          {
            id: 'requester',
            label: t('approvals.requester'),
            render: ({ requester }: InfrastructureRequest) => (
              <EntityRefLink entityRef={requester} hideIcon />
            ),
          },
          {
            id: 'why',
            label: t('approvals.why'),
            render: ({ reason, statusReason }: InfrastructureRequest) =>
              [statusReason, reason].filter(Boolean).join(' · '),
          },
        ]
      : []),
    {
      id: 'cost',
      label: t('list.cost'),
      isNumber: true,
      render: ({ monthlyCost }) =>
        monthlyCost ? formatMoney(monthlyCost) : '–',
    },
    {
      id: 'age',
      label: t('list.age'),
      onSmallScreen: 'hidden',
      render: ({ createdAt }) => <RelativeTime value={createdAt} />,
    },
  ];
  return (
    <ListTable
      label={label}
      columns={columns}
      items={items}
      keyOf={({ id }) => id}
      totalItems={totalItems}
    />
  );
}
