import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import {
  RiCheckLine,
  RiDownloadLine,
  RiLayoutColumnLine,
  RiLinksLine,
} from '@remixicon/react';
import type { ListingQuery } from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogListingApiRef } from './CatalogListingClient';
import { saveAs } from '../saveAs';
import styles from './IndexActions.module.css';
import { catalogListingTranslationRef } from './translation';
import { LISTING_COLUMNS } from './useListingSettings';
import type { ListingColumn, ListingSettings } from './useListingSettings';

const COPIED_MS = 2_000;

/** What can be done with the whole list: share it, export it, choose its columns. */
export function IndexActions(props: {
  query: Partial<ListingQuery>;
  settings: ListingSettings;
  isEmpty: boolean;
  onError(error: Error | undefined): void;
}) {
  const { isEmpty, onError, query, settings } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const api = useApi(catalogListingApiRef);
  const [busy, setBusy] = useState(false);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const attempt = async (action: () => Promise<void>) => {
    onError(undefined);
    try {
      await action();
    } catch (error) {
      onError(error as Error);
    }
  };
  const download = async () => {
    setBusy(true);
    await attempt(async () => {
      const { limit: _limit, offset: _offset, ...all } = query;
      saveAs(await api.export(all), 'catalog.csv');
    });
    setBusy(false);
  };

  return (
    <div className={styles.actions}>
      <Button
        variant="secondary"
        size="small"
        iconStart={
          copied ? <RiCheckLine aria-hidden /> : <RiLinksLine aria-hidden />
        }
        onPress={() =>
          attempt(async () => {
            await navigator.clipboard.writeText(window.location.href);
            setCopied(true);
          })
        }
      >
        {copied ? t('page.shared') : t('page.share')}
      </Button>
      <Button
        variant="secondary"
        size="small"
        iconStart={<RiDownloadLine aria-hidden />}
        isDisabled={isEmpty}
        isPending={busy}
        onPress={download}
      >
        {t('page.export')}
      </Button>
      <MenuTrigger>
        <Button
          className={styles.columns}
          variant="secondary"
          size="small"
          iconStart={<RiLayoutColumnLine aria-hidden />}
        >
          {t('page.columns')}
        </Button>
        <Menu
          selectionMode="multiple"
          selectedKeys={settings.columns}
          onSelectionChange={keys =>
            settings.setColumns(
              keys === 'all' ? LISTING_COLUMNS : ([...keys] as ListingColumn[]),
            )
          }
        >
          {LISTING_COLUMNS.map(column => (
            <MenuItem key={column} id={column}>
              {t(`table.${column}`)}
            </MenuItem>
          ))}
        </Menu>
      </MenuTrigger>
    </div>
  );
}
