import { DEFAULT_NAMESPACE, parseEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
} from '@backstage/ui';
import type { TemplateVersions } from '@waystone/plugin-golden-paths-common';
import { messageOf, StateLabel } from '@waystone/ui';
import { useEffect, useId, useState } from 'react';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import styles from './GoldenPathCard.module.css';
import { TEMPLATE, TEMPLATE_VERSION } from './madeByGoldenPath';

/** Which golden path has made a service, and what changed in it since. */
export function GoldenPathCard() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const id = useId();
  const { annotations = {} } = entity.metadata;
  const made = annotations[TEMPLATE_VERSION];
  const { error, versions } = useVersions(annotations[TEMPLATE], made);
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {t('versions.title')}
      </h2>
      {!versions && !error && (
        <p className={styles.detail} role="status">
          {t('versions.loading')}
        </p>
      )}
      {error !== undefined && (
        <>
          <StateLabel state="unknown">{t('versions.failed')}</StateLabel>
          <p className={styles.detail}>{messageOf(error)}</p>
        </>
      )}
      {versions && <Standing made={made} versions={versions} />}
    </section>
  );
}

function Standing(props: {
  readonly made: string;
  readonly versions: TemplateVersions;
}) {
  const { made, versions } = props;
  const { newer, title } = versions;
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const detail = (
    <p className={styles.detail}>
      {t('versions.made', { title, version: made })}
    </p>
  );
  if (!newer) {
    return (
      <>
        <StateLabel state="unknown">
          {t('versions.unknown', { version: versions.current })}
        </StateLabel>
        {detail}
      </>
    );
  }
  if (newer.length === 0) {
    return (
      <>
        <StateLabel state="healthy">{t('versions.current')}</StateLabel>
        {detail}
      </>
    );
  }
  return (
    <>
      <StateLabel state="attention">
        {t('versions.behind', { count: newer.length })}
      </StateLabel>
      {detail}
      <DialogTrigger>
        <Button variant="secondary" size="small">
          {t('versions.changes')}
        </Button>
        <Dialog>
          <DialogHeader>
            {t('versions.since', { title, version: made })}
          </DialogHeader>
          <DialogBody>
            {newer.map(({ changes, version }) => (
              <section key={version}>
                <h3 className={styles.version}>{version}</h3>
                <ul className={styles.changes}>
                  {changes.map(change => (
                    <li key={change}>{change}</li>
                  ))}
                </ul>
              </section>
            ))}
          </DialogBody>
          <DialogFooter>
            <Button variant="secondary" slot="close">
              {t('versions.close')}
            </Button>
          </DialogFooter>
        </Dialog>
      </DialogTrigger>
    </>
  );
}

function useVersions(template: string, version: string) {
  const api = useApi(goldenPathsApiRef);
  const [state, setState] = useState<{
    versions?: TemplateVersions;
    error?: unknown;
  }>({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const { name, namespace } = parseEntityRef(template, {
      defaultKind: 'template',
      defaultNamespace: DEFAULT_NAMESPACE,
    });
    setState({});
    api.getVersions({ name, namespace, version }, signal).then(
      versions => !signal.aborted && setState({ versions }),
      error => !signal.aborted && setState({ error }),
    );
    return () => controller.abort();
  }, [api, template, version]);
  return state;
}
