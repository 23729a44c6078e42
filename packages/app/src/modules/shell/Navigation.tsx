import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type {
  NavContentComponentProps,
  NavContentNavItem,
} from '@backstage/plugin-app-react';
import { ButtonIcon } from '@backstage/ui';
import {
  RiAddBoxLine,
  RiBookOpenLine,
  RiCloseLine,
  RiFileUploadLine,
  RiHome4Line,
  RiMenuLine,
  RiPlugLine,
  RiSearchLine,
  RiStackLine,
} from '@remixicon/react';
import { commandPaletteApiRef } from '@waystone/plugin-command-palette';
import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { Logo } from '../../components/Logo';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { NavigationItem } from './NavigationItem';
import { NotificationsItem, useUnread } from './NotificationsItem';
import { UserMenu } from './UserMenu';
import styles from './Navigation.module.css';

/** Pages of Backstage's own plugins get icons of one family; pillars bring theirs. */
const icons: Record<string, ReactElement> = {
  'page:home': <RiHome4Line />,
  'page:catalog': <RiStackLine />,
  'page:api-docs': <RiPlugLine />,
  'page:techdocs': <RiBookOpenLine />,
  'page:scaffolder': <RiAddBoxLine />,
  'page:catalog-import': <RiFileUploadLine />,
};

/** Pages that are reached otherwise: from the search box, the user menu, an entity or a link. */
const elsewhere = [
  'page:search',
  'page:notifications',
  'page:user-settings',
  'page:catalog/entity',
  'page:catalog-graph',
  'page:auth',
  'page:app-visualizer',
];

const groups: Array<{ label?: 'find' | 'create'; pages: string[] }> = [
  { pages: ['page:home'] },
  {
    label: 'find',
    pages: [
      'page:catalog',
      'page:api-docs',
      'page:techdocs',
      'page:catalog-overview/problems',
      'page:catalog-overview/unowned',
      'page:catalog-overview/removed',
    ],
  },
  {
    label: 'create',
    pages: ['page:scaffolder', 'page:infrastructure', 'page:catalog-import'],
  },
];

/** Closes a sheet at a click beside it, which lands on the dialog itself. Esc does the same by keyboard. */
function useCloseBeside(ref: RefObject<HTMLDialogElement>) {
  useEffect(() => {
    const dialog = ref.current;
    const onClick = (event: MouseEvent) => {
      if (event.target === dialog) {
        dialog?.close();
      }
    };
    dialog?.addEventListener('click', onClick);
    return () => dialog?.removeEventListener('click', onClick);
  }, [ref]);
}

/** The portal's navigation: a bar at the left, or a sheet behind a button on a small screen. */
export function Navigation(props: NavContentComponentProps) {
  const { navItems } = props;
  const { t } = useTranslationRef(shellTranslationRef);
  const config = useApi(configApiRef);
  const title = config.getOptionalString('app.title') ?? 'Waystone';
  const sandbox = config.getOptionalBoolean('waystone.sandbox') ?? false;
  const palette = useApi(commandPaletteApiRef);
  const sheetRef = useRef<HTMLDialogElement>(null);
  const { pathname } = useLocation();
  // Once for the bar and the sheet
  const unread = useUnread();

  useEffect(() => sheetRef.current?.close(), [pathname]);
  useCloseBeside(sheetRef);

  const items = navItems.clone();
  elsewhere.forEach(id => items.take(id));
  const renderItem = (item: NavContentNavItem) => (
    <NavigationItem
      key={item.node.spec.id}
      href={item.href}
      icon={icons[item.node.spec.id] ?? item.icon}
      title={item.title}
    />
  );
  const sections = groups.map(group => ({
    ...group,
    items: group.pages.flatMap(id => items.take(id) ?? []),
  }));
  // Who did what comes after what there is.
  const last = items.take('page:audit') ?? [];
  const pillars = [...items.rest(), last].flat();

  const list = (
    <>
      {sections.map(section => (
        <div className={styles.group} key={section.pages[0]}>
          {section.label && section.items.length > 0 && (
            <div className={styles.label}>{t(`nav.${section.label}`)}</div>
          )}
          {section.items.map(renderItem)}
        </div>
      ))}
      {pillars.length > 0 && (
        <div className={styles.group}>
          <div className={styles.label}>{t('nav.pillars')}</div>
          {pillars.map(renderItem)}
        </div>
      )}
    </>
  );
  const foot = (
    <div className={styles.foot}>
      {sandbox && (
        <div className={styles.sandbox} title={t('nav.sandboxHelp')}>
          <span className={styles.sandboxDot} aria-hidden />
          {t('nav.sandbox')}
        </div>
      )}
      <NotificationsItem unread={unread} />
      <UserMenu />
    </div>
  );

  return (
    <>
      <header className={styles.bar}>
        <div className={styles.top}>
          <ButtonIcon
            aria-label={t('nav.open')}
            className={styles.menuButton}
            icon={<RiMenuLine />}
            onPress={() => sheetRef.current?.showModal()}
            variant="tertiary"
          />
          <Link to="/" className={styles.brand}>
            <Logo title={title} />
          </Link>
          <ButtonIcon
            aria-label={t('nav.search')}
            className={styles.searchIcon}
            icon={<RiSearchLine />}
            onPress={palette.open}
            variant="tertiary"
          />
        </div>
        <button type="button" className={styles.search} onClick={palette.open}>
          <RiSearchLine size={16} aria-hidden />
          <span>{t('nav.search')}</span>
          <kbd className={styles.keys}>
            {/mac/i.test(navigator.platform) ? '⌘K' : 'Ctrl K'}
          </kbd>
        </button>
        <nav className={styles.list} aria-label={t('nav.label')}>
          {list}
        </nav>
        <div className={styles.barFoot}>{foot}</div>
      </header>
      <dialog
        aria-label={t('nav.label')}
        className={styles.sheet}
        ref={sheetRef}
      >
        <div className={styles.sheetBody}>
          <div className={styles.top}>
            <Logo title={title} />
            <ButtonIcon
              aria-label={t('nav.close')}
              icon={<RiCloseLine />}
              onPress={() => sheetRef.current?.close()}
              variant="tertiary"
            />
          </div>
          <nav className={styles.list} aria-label={t('nav.label')}>
            {list}
          </nav>
          {foot}
        </div>
      </dialog>
    </>
  );
}
