import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Text } from '@backstage/ui';
import { uiTranslationRef } from '../translation';
import styles from './ListFoot.module.css';

/**
 * Which part of a list is shown, and the way to the parts beside it; nothing if that is all of it.
 *
 * @param props - `from` counts from 0; `onGo` is told the first item of the other page
 *
 * @public
 */
export function ListPager(props: {
  readonly from: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onGo: (from: number) => void;
}) {
  const { from, onGo, pageSize, total } = props;
  const { t } = useTranslationRef(uiTranslationRef);
  const go = (to: number) => {
    onGo(to);
    window.scrollTo({ top: 0 });
  };
  if (total <= pageSize) {
    return null;
  }
  return (
    <nav className={styles.pager} aria-label={t('pager.label')}>
      <Text color="secondary">
        {t('pager.range', {
          from: Math.min(from + 1, total).toLocaleString('en'),
          to: Math.min(from + pageSize, total).toLocaleString('en'),
          total: total.toLocaleString('en'),
        })}
      </Text>
      <Button
        variant="secondary"
        size="small"
        isDisabled={from === 0}
        onPress={() => go(Math.max(0, from - pageSize))}
      >
        {t('pager.previous')}
      </Button>
      <Button
        variant="secondary"
        size="small"
        isDisabled={from + pageSize >= total}
        onPress={() => go(from + pageSize)}
      >
        {t('pager.next')}
      </Button>
    </nav>
  );
}
