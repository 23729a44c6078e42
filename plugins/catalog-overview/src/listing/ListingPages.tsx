import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon } from '@backstage/ui';
import {
  RiArrowLeftSLine,
  RiArrowRightSLine,
  RiSkipLeftLine,
  RiSkipRightLine,
} from '@remixicon/react';
import { LISTING_PAGE_SIZE } from '@waystone/plugin-catalog-overview-common';
import styles from './ListingPages.module.css';
import { catalogListingTranslationRef } from './translation';

/** Which part of the list is shown, and the way to the others. */
export function ListingPages(props: {
  page: number;
  total: number;
  onPage(page: number): void;
}) {
  const { onPage, page, total } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const last = Math.max(1, Math.ceil(total / LISTING_PAGE_SIZE));
  const from = (page - 1) * LISTING_PAGE_SIZE + 1;
  const steps = [
    { name: 'first', to: 1, icon: <RiSkipLeftLine /> },
    { name: 'previous', to: page - 1, icon: <RiArrowLeftSLine /> },
    { name: 'next', to: page + 1, icon: <RiArrowRightSLine /> },
    { name: 'last', to: last, icon: <RiSkipRightLine /> },
  ] as const;
  return (
    <nav className={styles.pages} aria-label={t('pages.label')}>
      <span>
        {t('pages.range', {
          from: from.toLocaleString('en'),
          to: Math.min(total, page * LISTING_PAGE_SIZE).toLocaleString('en'),
          total: total.toLocaleString('en'),
        })}
      </span>
      {last > 1 && (
        <span className={styles.steps}>
          {steps.map(({ icon, name, to }) => (
            <ButtonIcon
              key={name}
              size="small"
              variant="secondary"
              aria-label={t(`pages.${name}`)}
              icon={icon}
              isDisabled={to < 1 || to > last || to === page}
              onPress={() => onPage(to)}
            />
          ))}
        </span>
      )}
    </nav>
  );
}
