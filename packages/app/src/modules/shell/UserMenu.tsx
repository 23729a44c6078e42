import {
  appThemeApiRef,
  errorApiRef,
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Avatar,
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuSeparator,
  MenuTrigger,
} from '@backstage/ui';
import {
  RiComputerLine,
  RiLogoutBoxRLine,
  RiMoonLine,
  RiSettings3Line,
  RiSunLine,
  RiUserLine,
} from '@remixicon/react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { shellTranslationRef } from '../words/shellTranslationRef';
import styles from './UserMenu.module.css';

type Person = { name: string; email?: string; picture?: string; ref: string };

function usePerson(): Person | undefined {
  const identityApi = useApi(identityApiRef);
  const [person, setPerson] = useState<Person>();
  useEffect(() => {
    let cancelled = false;
    Promise.all([
      identityApi.getProfileInfo(),
      identityApi.getBackstageIdentity(),
    ]).then(
      ([profile, { userEntityRef }]) =>
        !cancelled &&
        setPerson({
          name: profile.displayName ?? userEntityRef,
          email: profile.email,
          picture: profile.picture,
          ref: userEntityRef,
        }),
      () => {
        // Without a profile the menu still offers settings and sign-out
      },
    );
    return () => {
      cancelled = true;
    };
  }, [identityApi]);
  return person;
}

/** The path of a user's page: `user:default/maya.okafor` → `/catalog/default/user/maya.okafor`. */
function userPath(ref: string): string {
  const [, namespace, name] = /^user:([^/]+)\/(.+)$/.exec(ref) ?? [];
  return namespace
    ? `/catalog/${encodeURIComponent(namespace)}/user/${encodeURIComponent(
        name,
      )}`
    : '/settings';
}

/** Who is signed in; profile, settings, theme and sign-out. */
export function UserMenu() {
  const { t } = useTranslationRef(shellTranslationRef);
  const identityApi = useApi(identityApiRef);
  const errorApi = useApi(errorApiRef);
  const themeApi = useApi(appThemeApiRef);
  const navigate = useNavigate();
  const person = usePerson();
  const name = person?.name ?? '…';

  return (
    <MenuTrigger>
      <Button
        aria-label={t('nav.account', { name })}
        className={styles.trigger}
        variant="tertiary"
      >
        <Avatar
          name={name}
          purpose="decoration"
          size="small"
          src={person?.picture ?? ''}
        />
        <span className={styles.names}>
          <span className={styles.name}>{name}</span>
          {person?.email && (
            <span className={styles.email}>{person.email}</span>
          )}
        </span>
      </Button>
      <Menu placement="top start">
        <MenuItem
          iconStart={<RiUserLine />}
          onAction={() => navigate(userPath(person?.ref ?? ''))}
        >
          {t('nav.profile')}
        </MenuItem>
        <MenuItem
          iconStart={<RiSettings3Line />}
          onAction={() => navigate('/settings')}
        >
          {t('nav.settings')}
        </MenuItem>
        <MenuSection title={t('nav.theme')}>
          <MenuItem
            iconStart={<RiSunLine />}
            onAction={() => themeApi.setActiveThemeId('light')}
          >
            {t('nav.themeLight')}
          </MenuItem>
          <MenuItem
            iconStart={<RiMoonLine />}
            onAction={() => themeApi.setActiveThemeId('dark')}
          >
            {t('nav.themeDark')}
          </MenuItem>
          <MenuItem
            iconStart={<RiComputerLine />}
            onAction={() => themeApi.setActiveThemeId(undefined)}
          >
            {t('nav.themeSystem')}
          </MenuItem>
        </MenuSection>
        <MenuSeparator />
        <MenuItem
          iconStart={<RiLogoutBoxRLine />}
          onAction={() => {
            identityApi.signOut().catch(error => errorApi.post(error));
          }}
        >
          {t('nav.signOut')}
        </MenuItem>
      </Menu>
    </MenuTrigger>
  );
}
