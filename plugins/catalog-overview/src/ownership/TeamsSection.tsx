import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { OwnershipResponse } from '@waystone/plugin-catalog-overview-common';
import { Section } from '../overview/Section';
import styles from './OwnershipLayout.module.css';
import { catalogOwnershipTranslationRef } from './translation';

/** The teams below a team and the one above it, or the teams of a person. */
export function TeamsSection(props: {
  readonly response: OwnershipResponse;
  readonly isPerson: boolean;
}) {
  const { isPerson, response } = props;
  const { parent, teams } = response;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  if (!isPerson && !parent && teams.total === 0) {
    return null;
  }
  return (
    <Section
      title={t(isPerson || teams.total === 0 ? 'teams.of' : 'teams.below')}
    >
      {parent && (
        <p className={styles.parent}>
          {t('teams.above')}{' '}
          <EntityRefLink
            entityRef={parent.entityRef}
            title={parent.title}
            hideIcon
          />
        </p>
      )}
      {isPerson && teams.total === 0 && (
        <p className={styles.note}>{t('teams.noTeam')}</p>
      )}
      {teams.total > 0 && (
        <ul
          className={styles.teams}
          aria-label={t(isPerson ? 'teams.of' : 'teams.below')}
        >
          {teams.items.map(team => (
            <li key={team.entityRef}>
              <EntityRefLink
                entityRef={team.entityRef}
                title={team.title}
                hideIcon
              />
              <span className={styles.note}>
                {t('teams.facts', {
                  members: t('teams.members', { count: team.members }),
                  owns: t('teams.owns', { count: team.owns }),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
