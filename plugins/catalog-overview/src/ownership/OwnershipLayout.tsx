import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { EntityContentLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import { Skeleton, Text } from '@backstage/ui';
import { Problem } from '@waystone/ui';
import { ContactSection } from './ContactSection';
import { OwnedSection } from './OwnedSection';
import styles from './OwnershipLayout.module.css';
import { PeopleSection } from './PeopleSection';
import { TeamsSection } from './TeamsSection';
import { catalogOwnershipTranslationRef } from './translation';
import { useOwnership } from './useOwnership';
import { WaitingSection } from './WaitingSection';

/** The page of a team or a person: how to reach them, who they are, what they own. */
export function OwnershipLayout(props: EntityContentLayoutProps) {
  const { entity } = useEntity();
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const { error, response, retry } = useOwnership(entityRef);
  const isPerson = entity.kind.toLocaleLowerCase('en-US') === 'user';
  const { description } = entity.metadata;
  return (
    <div className={styles.page}>
      {description && (
        <Text as="p" variant="body-large">
          {description}
        </Text>
      )}
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <Loading />}
      {response && (
        <div className={styles.columns}>
          <div className={styles.aside}>
            <ContactSection contact={response.contact} />
            {!isPerson && <PeopleSection members={response.members} />}
            <TeamsSection response={response} isPerson={isPerson} />
          </div>
          <div className={styles.main}>
            {!isPerson && <WaitingSection entityRef={entityRef} />}
            <OwnedSection response={response} isPerson={isPerson} />
          </div>
        </div>
      )}
      {props.cards.map((card, index) => (
        <div key={card.element.key ?? index}>{card.element}</div>
      ))}
    </div>
  );
}

function Loading() {
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  return (
    <div
      className={styles.columns}
      role="status"
      aria-label={t('page.loading')}
    >
      <div className={styles.aside}>
        <Skeleton width="100%" height={160} />
        <Skeleton width="100%" height={240} />
      </div>
      <div className={styles.main}>
        <Skeleton width="100%" height={400} />
      </div>
    </div>
  );
}
