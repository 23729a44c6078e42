import type { Entity } from '@backstage/catalog-model';
import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  ENVIRONMENTS_ANNOTATION,
  readEnvironments,
  selectEnvironments,
} from '@waystone/environments';
import { StateLabel } from '@waystone/ui';
import { useMemo } from 'react';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './RunsInSection.module.css';
import { Section } from './Section';
import { shortName } from './shortName';

/** What is deployed. A library runs in what uses it. */
const RUNNING = ['service', 'website'];

/** The environments that a service runs in, with the place in the cluster of each. Nothing if the portal has none. */
export function RunsInSection(props: { readonly entity: Entity }) {
  const { entity } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const config = useApi(configApiRef);
  const environments = useMemo(() => readEnvironments(config), [config]);
  const annotation = entity.metadata.annotations?.[ENVIRONMENTS_ANNOTATION];
  const runs =
    entity.kind.toLocaleLowerCase('en-US') === 'component' &&
    (annotation !== undefined ||
      RUNNING.includes(String(entity.spec?.type).toLocaleLowerCase('en-US')));
  if (!runs || environments.all.length === 0) {
    return null;
  }
  const system = entity.relations?.find(
    ({ type, targetRef }) =>
      type === 'partOf' && targetRef.startsWith('system:'),
  )?.targetRef;
  const { selected, unknown } = selectEnvironments(environments, annotation);
  return (
    <Section title={t('overview.runsIn')}>
      {selected.length === 0 && (
        <p className={styles.note}>{t('overview.runsInNowhere')}</p>
      )}
      <ul className={styles.list} aria-label={t('overview.runsIn')}>
        {selected.map(environment => (
          <li key={environment.name}>
            <span className={styles.name}>
              {environment.title}
              {environment.protected && (
                <span className={styles.note}>
                  {' '}
                  {t('overview.runsInProtected')}
                </span>
              )}
            </span>
            <span className={styles.note}>
              {system
                ? t('overview.runsInPlace', {
                    namespace: environments.namespaceOf(
                      environment,
                      shortName(system),
                    ),
                    cluster: environment.cluster,
                  })
                : environment.cluster}
            </span>
          </li>
        ))}
      </ul>
      {unknown.length > 0 && (
        <StateLabel state="attention">
          {t('overview.runsInUnknown', { names: unknown.join(', ') })}
        </StateLabel>
      )}
    </Section>
  );
}
