import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StateLabel } from '@waystone/ui';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './RunsInSection.module.css';
import { Section } from './Section';
import { shortName } from './shortName';
import { useRunsIn } from './useRunsIn';

/** The environments that a service runs in, with the place in the cluster of each. Nothing if the portal has none. */
export function RunsInSection(props: { readonly entity: Entity }) {
  const { entity } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const runsIn = useRunsIn(entity);
  if (!runsIn) {
    return null;
  }
  const { environments, selected, unknown } = runsIn;
  const system = entity.relations?.find(
    ({ type, targetRef }) =>
      type === 'partOf' && targetRef.startsWith('system:'),
  )?.targetRef;
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
