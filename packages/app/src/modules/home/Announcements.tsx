import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { ButtonIcon } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import { useMemo } from 'react';
import { LinkList, LinkRow, RelativeTime } from '@waystone/ui';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { EmptyText, HomeCard } from './HomeCard';
import { useStoredValue } from './useStoredValue';

type Announcement = {
  id: string;
  date: string;
  title: string;
  body?: string;
  link?: string;
};

/** What the platform team announced (`waystone.announcements`), newest first, without what this person hid. */
export function Announcements() {
  const { t } = useTranslationRef(shellTranslationRef);
  const config = useApi(configApiRef);
  const [hidden, setHidden] = useStoredValue<string[]>('hiddenAnnouncements');
  const announcements = useMemo(
    () =>
      (config.getOptionalConfigArray('waystone.announcements') ?? [])
        .map(
          (c): Announcement => ({
            id: c.getString('id'),
            date: c.getString('date'),
            title: c.getString('title'),
            body: c.getOptionalString('body'),
            link: c.getOptionalString('link'),
          }),
        )
        .sort((a, b) => b.date.localeCompare(a.date)),
    [config],
  );
  const shown = announcements.filter(a => !hidden?.includes(a.id));

  return (
    <HomeCard title={t('announcements.title')}>
      {shown.length === 0 ? (
        <EmptyText
          title={t('announcements.empty')}
          help={t('announcements.emptyHelp')}
        />
      ) : (
        <LinkList>
          {shown.map(announcement => (
            <LinkRow
              key={announcement.id}
              href={announcement.link}
              title={announcement.title}
              detail={
                <>
                  {announcement.body} <RelativeTime value={announcement.date} />
                </>
              }
              action={
                <ButtonIcon
                  aria-label={t('announcements.hide', {
                    title: announcement.title,
                  })}
                  icon={<RiCloseLine />}
                  onPress={() =>
                    setHidden([...(hidden ?? []), announcement.id])
                  }
                  size="small"
                  variant="tertiary"
                />
              }
            />
          ))}
        </LinkList>
      )}
    </HomeCard>
  );
}
