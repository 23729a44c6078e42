import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon, Text } from '@backstage/ui';
import {
  RiCheckLine,
  RiExternalLinkLine,
  RiFileCopyLine,
} from '@remixicon/react';
import type {
  Commit,
  Deployment,
  Service,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { wordOf } from '../shared/describeState';
import { deliveryTranslationRef } from '../translation';
import { CommitDistance } from './CommitDistance';
import styles from './EnvironmentStrip.module.css';

const NOTE_MS = 2000;

/** What is shown of an environment below the strip. */
export interface EnvironmentLook {
  readonly at: 'why' | 'drift' | 'objects';
  readonly environment: string;
}

/** The environments from left to right, as a change passes through them. */
export function EnvironmentStrip(props: {
  response: ServiceResponse;
  /** What is shown below. */
  look?: EnvironmentLook;
  onLook: (look: EnvironmentLook | undefined) => void;
}) {
  const { look, onLook, response } = props;
  const { environments, service } = response;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const elsewhere = service.deployments.filter(
    ({ environment }) => !environments.some(({ name }) => name === environment),
  );
  return (
    <ol className={styles.strip} aria-label={t('service.environments')}>
      {environments.map((environment, position) => {
        const before = environments[position - 1];
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
                commit={response.commits[deployment.revision ?? '']}
                distance={
                  before &&
                  deployment.behind && (
                    <CommitDistance
                      entityRef={service.entityRef}
                      from={before}
                      to={environment}
                      versions={versionsOf(service)}
                    />
                  )
                }
                look={look?.environment === environment.name ? look : undefined}
                onLook={onLook}
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
              onLook={onLook}
            />
          ))}
        </li>
      )}
    </ol>
  );
}

function Place(props: {
  deployment: Deployment;
  commit?: Commit;
  distance?: ReactNode;
  look?: EnvironmentLook;
  onLook: (look: EnvironmentLook | undefined) => void;
}) {
  const { commit, deployment, distance, look, onLook } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { deployedAt, deployedBy, drifted, environment, state } = deployment;
  const toggle = (at: EnvironmentLook['at'], show: string, hide: string) =>
    environment && (
      <Button
        size="small"
        variant="secondary"
        aria-expanded={look?.at === at}
        onPress={() =>
          onLook(look?.at === at ? undefined : { at, environment })
        }
      >
        {look?.at === at ? hide : show}
      </Button>
    );
  return (
    <div className={styles.place}>
      <div className={styles.version}>
        {deployment.version ?? t('cell.noVersion')}
      </div>
      <StateLabel state={deployment.state}>{t(wordOf(deployment))}</StateLabel>
      {deployment.reason && (
        <p className={styles.reason} title={deployment.reason}>
          {deployment.reason}
        </p>
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
        {commit?.message && (
          <div>
            <dt>{t('service.change')}</dt>
            <dd className={styles.change}>
              {commit.url ? (
                <a href={commit.url} target="_blank" rel="noreferrer">
                  {commit.message}
                </a>
              ) : (
                commit.message
              )}
              {commit.author && (
                <span className={styles.author}> {commit.author}</span>
              )}
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
      {distance}
      <div className={styles.actions}>
        {state !== 'healthy' && toggle('why', t('why.show'), t('why.hide'))}
        {drifted > 0 &&
          toggle(
            'drift',
            t('service.showDrift', { count: drifted }),
            t('service.hideDrift'),
          )}
        {toggle('objects', t('objects.show'), t('objects.hide'))}
        {deployment.url && (
          <a href={deployment.url} target="_blank" rel="noreferrer">
            {t('service.open')} <RiExternalLinkLine size={14} aria-hidden />
          </a>
        )}
      </div>
    </div>
  );
}

function versionsOf({ deployments }: Service): string {
  return deployments.map(({ version }) => version).join();
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
