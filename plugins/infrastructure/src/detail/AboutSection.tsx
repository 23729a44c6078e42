import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { RelativeTime } from '@waystone/ui';
import type { ReactNode } from 'react';
import { formatMoney } from '../components/formatMoney';
import { infrastructureTranslationRef } from '../translation';
import styles from './AboutSection.module.css';
import { Section } from './Section';

/** Whose it is, where, and what was asked for. */
export function AboutSection(props: { request: RequestDetail }) {
  const { request } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const facts: [string, ReactNode][] = [
    [t('list.kind'), request.offeringTitle],
    [t('list.environment'), request.environment],
    [
      t('detail.namespace'),
      <code key="namespace">{`${request.cluster}/${request.namespace}`}</code>,
    ],
    [
      t('list.owner'),
      <EntityRefLink key="owner" entityRef={request.owner} hideIcon />,
    ],
    [
      t('detail.requester'),
      <EntityRefLink key="requester" entityRef={request.requester} hideIcon />,
    ],
    ...(request.component
      ? [
          [
            t('detail.component'),
            <EntityRefLink
              key="component"
              entityRef={request.component}
              hideIcon
            />,
          ] satisfies [string, ReactNode],
        ]
      : []),
    [t('detail.costCenter'), request.costCenter ?? '–'],
    [
      t('detail.cost'),
      request.monthlyCost ? formatMoney(request.monthlyCost) : '–',
    ],
    [
      t('detail.expires'),
      request.expiresAt ? (
        <RelativeTime key="expires" value={request.expiresAt} />
      ) : (
        t('detail.never')
      ),
    ],
    [
      t('detail.protection'),
      t(request.deletionProtection ? 'detail.on' : 'detail.off'),
    ],
  ];
  return (
    <div>
      <Section title={t('detail.about')}>
        <Facts facts={facts} />
      </Section>
      <Section title={t('detail.parameters')}>
        <Facts
          facts={Object.entries(request.parameters).map(([name, value]) => [
            name,
            <code key={name}>
              {typeof value === 'object'
                ? JSON.stringify(value)
                : String(value)}
            </code>,
          ])}
        />
      </Section>
    </div>
  );
}

function Facts(props: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {props.facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
