import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  ButtonIcon,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
  Text,
  TextField,
} from '@backstage/ui';
import { RiBookmarkLine, RiCloseLine } from '@remixicon/react';
import { LISTING_MINE } from '@waystone/plugin-catalog-overview-common';
import { useState } from 'react';
import type { FormHTMLAttributes } from 'react';
import { Link } from 'react-router-dom';
import { readListingView, writeListingView } from './listingAddress';
import type { ListingView } from './listingAddress';
import styles from './SavedViews.module.css';
import { catalogListingTranslationRef } from './translation';
import { useFocusInput } from './useFocusInput';
import type { ListingSettings } from './useListingSettings';

/** Views that everybody has, and those that one gave a name. Each is a link. */
export function SavedViews(props: {
  view: ListingView;
  settings: ListingSettings;
}) {
  const { settings, view } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const current = addressOf(view);
  const none = readListingView(new URLSearchParams());
  const start: ListingView = { ...none, kind: view.kind };
  const everybody = [
    { name: t('views.all'), query: addressOf(start) },
    {
      name: t('views.mine'),
      query: addressOf({
        ...start,
        fields: { ...start.fields, owner: [LISTING_MINE] },
      }),
    },
    {
      name: t('views.starred'),
      query: addressOf({ ...start, starred: true }),
    },
    {
      name: t('views.bySystem'),
      query: addressOf({ ...start, sort: 'system' }),
    },
  ];
  const known = [...everybody, ...settings.views].some(
    ({ query }) => query === current,
  );

  const link = ({ name, query }: { name: string; query: string }) => (
    <Link
      to={{ search: query }}
      className={styles.view}
      aria-current={query === current ? 'page' : undefined}
    >
      {name}
    </Link>
  );
  return (
    <nav className={styles.views} aria-label={t('views.label')}>
      <ul className={styles.list}>
        {everybody.map(one => (
          <li key={one.query}>{link(one)}</li>
        ))}
        {settings.views.map(one => (
          <li key={`saved ${one.name}`} className={styles.saved}>
            {link(one)}
            <ButtonIcon
              size="small"
              variant="tertiary"
              aria-label={t('views.remove', { name: one.name })}
              icon={<RiCloseLine />}
              onPress={() => settings.removeView(one.name)}
            />
          </li>
        ))}
      </ul>
      {!known && settings.mayAdd && (
        <SaveView
          names={settings.views.map(({ name }) => name)}
          onSave={name => settings.saveView({ name, query: current })}
        />
      )}
    </nav>
  );
}

/** Without the page: a view is the same on each. */
function addressOf(view: ListingView): string {
  return writeListingView({ ...view, page: 1 }).toString();
}

function SaveView(props: {
  names: readonly string[];
  onSave(name: string): Promise<void>;
}) {
  const { names, onSave } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [error, setError] = useState<Error>();
  const trimmed = name.trim();
  const save = async () => {
    try {
      await onSave(trimmed);
      setOpen(false);
      setName('');
      setError(undefined);
    } catch (problem) {
      setError(problem as Error);
    }
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button
        variant="tertiary"
        size="small"
        iconStart={<RiBookmarkLine aria-hidden />}
      >
        {t('views.save')}
      </Button>
      <Dialog>
        <DialogHeader>{t('views.saveTitle')}</DialogHeader>
        <DialogBody>
          <FocusedForm
            id="save-view"
            className={styles.form}
            onSubmit={event => {
              event.preventDefault();
              if (trimmed) {
                void save();
              }
            }}
          >
            {error && (
              <Alert
                status="danger"
                icon
                title={t('views.failed')}
                description={error.message}
              />
            )}
            <TextField
              label={t('views.name')}
              maxLength={60}
              value={name}
              onChange={setName}
              description={
                names.includes(trimmed) ? t('views.replace') : undefined
              }
            />
            <Text color="secondary" variant="body-small">
              {t('views.saveHelp')}
            </Text>
          </FocusedForm>
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" slot="close">
            {t('views.cancel')}
          </Button>
          <Button type="submit" form="save-view" isDisabled={!trimmed}>
            {t('views.confirm')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}

function FocusedForm(props: FormHTMLAttributes<HTMLFormElement>) {
  const ref = useFocusInput<HTMLFormElement>();
  return <form ref={ref} {...props} />;
}
