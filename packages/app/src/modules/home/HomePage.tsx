import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container, Text } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { useInbox } from '@waystone/plugin-inbox-react';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { Announcements } from './Announcements';
import { FirstSteps } from './FirstSteps';
import styles from './HomePage.module.css';
import { MyServices } from './MyServices';
import { RecentlyVisited } from './RecentlyVisited';
import { Starred } from './Starred';
import { useMyServices } from './useMyServices';
import { useMyProfile } from './useMyProfile';
import { WaitingForMe } from './WaitingForMe';

function partOfDay(hour: number): 'morning' | 'afternoon' | 'evening' {
  if (hour < 12) {
    return 'morning';
  }
  return hour < 18 ? 'afternoon' : 'evening';
}

/** What is mine, what needs me, what changed. */
export function HomePage() {
  const { t } = useTranslationRef(shellTranslationRef);
  const profile = useMyProfile();
  const services = useMyServices();
  const inbox = useInbox({ type: 'me' });

  const firstName = profile?.displayName?.split(' ')[0];
  const summary = [
    services.value && t('home.summary', { count: services.value.totalItems }),
    inbox.pending.length === 0 &&
      (inbox.entries.length > 0
        ? t('home.summaryWaiting', { count: inbox.entries.length })
        : inbox.failures.length === 0 && t('home.summaryNothing')),
  ].filter(Boolean);

  return (
    <main>
      <Container className={styles.page}>
        <header className={styles.header}>
          <div>
            <Text as="h1" variant="title-medium" weight="bold">
              {firstName
                ? t('home.greeting', {
                    part: t(`home.${partOfDay(new Date().getHours())}`),
                    name: firstName,
                  })
                : t('home.title')}
            </Text>
            <Text as="p" color="secondary" className={styles.summary}>
              {summary.length > 0 ? `${summary.join(', ')}.` : ' '}
            </Text>
          </div>
          <ButtonLink href="/create" iconStart={<RiAddLine />}>
            {t('home.create')}
          </ButtonLink>
        </header>
        <FirstSteps />
        <div className={styles.columns}>
          <div className={styles.main}>
            <MyServices services={services} />
            <RecentlyVisited />
          </div>
          <div className={styles.side}>
            <WaitingForMe inbox={inbox} />
            <Announcements />
            <Starred />
          </div>
        </div>
      </Container>
    </main>
  );
}
