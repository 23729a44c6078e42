import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon, Text } from '@backstage/ui';
import {
  RiCheckLine,
  RiExternalLinkLine,
  RiFileCopyLine,
} from '@remixicon/react';
import type {
  Deployment,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { wordOf } from '../shared/describeState';
import { deliveryTranslationRef } from '../translation';
import styles from './EnvironmentStrip.module.css';

const NOTE_MS = 2000;

/** The environments from left to right, as a change passes through them. */
export function EnvironmentStrip(props: {
  response: ServiceResponse;
  /** The environment whose differences are shown. */
  compared?: string;
  onCompare: (environment: string | undefined) => void;
}) {
  const { compared, onCompare, response } = props;
  const { environments, service } = response;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const elsewhere = service.deployments.filter(
    ({ environment }) => !environments.some(({ name }) => name === environment),
  );
  return (
    <ol className={styles.strip} aria-label={t('service.environments')}>
      {environments.map(environment => {
        const own = service.deployments.filter(
          deployment => deployment.environment === environment.name,
        );
        return (
          <li key={environment.name} className={styles.environment}>
            <h2 className={styles.title}>{environment.title}</h2>
            {own.length === 0 && (
              <Text color="secondary">{t('service.missing')}</Text>
            )}
            {own.map(deployment => (
              <Place
                key={deployment.id}
                deployment={deployment}
                compared={compared === environment.name}
                onCompare={onCompare}
              />
            ))}
          </li>
        );
      })}
      {elsewhere.length > 0 && (
        <li className={styles.environment}>
          <h2 className={styles.title}>{t('service.otherPlaces')}</h2>
          {elsewhere.map(deployment => (
            <Place
              key={deployment.id}
              deployment={deployment}
              compared={false}
              onCompare={onCompare}
            />
          ))}
        </li>
      )}
    </ol>
  );
}

function Place(props: {
  deployment: Deployment;
  compared: boolean;
  onCompare: (environment: string | undefined) => void;
}) {
  const { compared, deployment, onCompare } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { deployedAt, deployedBy, drifted, environment } = deployment;
  return (
    <div className={styles.place}>
      <div className={styles.version}>
        {deployment.version ?? t('cell.noVersion')}
      </div>
      <StateLabel state={deployment.state}>{t(wordOf(deployment))}</StateLabel>
      {deployment.reason && (
        <p className={styles.reason}>{deployment.reason}</p>
      )}
      <dl className={styles.facts}>
        {deployedAt && (
          <div>
            <dt>{t('service.deployed')}</dt>
            <dd>
              <RelativeTime value={deployedAt} />{' '}
              {deployedBy?.automated && t('service.automatically')}
              {deployedBy?.name &&
                !deployedBy.automated &&
                t('service.by', { name: deployedBy.name })}
            </dd>
          </div>
        )}
        {deployment.revision && (
          <div>
            <dt>{t('service.commit')}</dt>
            <dd className={styles.commit}>
              <code>{deployment.revision.slice(0, 8)}</code>
              <CopyButton value={deployment.revision} />
            </dd>
          </div>
        )}
        {deployment.namespace && (
          <div>
            <dt>{t('service.where')}</dt>
            <dd>
              <code>
                {[deployment.cluster, deployment.namespace]
                  .filter(Boolean)
                  .join(' / ')}
              </code>
            </dd>
          </div>
        )}
      </dl>
      <div className={styles.actions}>
        {drifted > 0 && environment && (
          <Button
            size="small"
            variant="secondary"
            aria-expanded={compared}
            onPress={() => onCompare(compared ? undefined : environment)}
          >
            {compared
              ? t('service.hideDrift')
              : t('service.showDrift', { count: drifted })}
          </Button>
        )}
        {deployment.url && (
          <a href={deployment.url} target="_blank" rel="noreferrer">
            {t('service.open')} <RiExternalLinkLine size={14} aria-hidden />
          </a>
        )}
      </div>
    </div>
  );
}

function CopyButton(props: { value: string }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), NOTE_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <ButtonIcon
      size="small"
      variant="tertiary"
      aria-label={copied ? t('service.copied') : t('service.copy')}
      icon={copied ? <RiCheckLine /> : <RiFileCopyLine />}
      onPress={async () => {
        await window.navigator.clipboard.writeText(props.value);
        setCopied(true);
      }}
    />
  );
}
