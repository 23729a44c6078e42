import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  starredEntitiesApiRef,
  useStarredEntities,
} from '@backstage/plugin-catalog-react';
import { Button } from '@backstage/ui';
import { RiStarFill, RiStarLine } from '@remixicon/react';
import { useState } from 'react';
import styles from './SelectionBar.module.css';
import { catalogListingTranslationRef } from './translation';

/** What can be done with the selected entries. Its place is kept while nothing is selected. */
export function SelectionBar(props: {
  selected: ReadonlySet<string>;
  onClear(): void;
}) {
  const { onClear, selected } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const stars = useApi(starredEntitiesApiRef);
  const { isStarredEntity } = useStarredEntities();
  const [busy, setBusy] = useState(false);
  if (selected.size === 0) {
    return null;
  }
  const set = async (starred: boolean) => {
    setBusy(true);
    // One after the other: each writes the whole list
    for (const entityRef of selected) {
      if (isStarredEntity(entityRef) !== starred) {
        await stars.toggleStarred(entityRef);
      }
    }
    setBusy(false);
    onClear();
  };
  return (
    <div className={styles.bar} role="group" aria-label={t('selection.label')}>
      <span role="status">
        {t('selection.count', { count: selected.size })}
      </span>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiStarFill aria-hidden />}
        isDisabled={busy}
        onPress={() => set(true)}
      >
        {t('selection.star')}
      </Button>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiStarLine aria-hidden />}
        isDisabled={busy}
        onPress={() => set(false)}
      >
        {t('selection.unstar')}
      </Button>
      <Button size="small" variant="tertiary" onPress={onClear}>
        {t('selection.clear')}
      </Button>
    </div>
  );
}
