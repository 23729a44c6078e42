import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Text } from '@backstage/ui';
import { uiTranslationRef } from '../translation';
import styles from './ListFoot.module.css';

/**
 * How much of a list is shown, and the way to more of it.
 *
 * @param props - `total` is undefined where nobody counts; `onMore` is undefined once everything is shown
 *
 * @public
 */
export function ListFoot(props: {
  readonly shown: number;
  readonly total?: number;
  readonly loading?: boolean;
  readonly onMore?: () => void;
}) {
  const { loading = false, onMore, shown, total } = props;
  const { t } = useTranslationRef(uiTranslationRef);
  return (
    <div className={styles.foot}>
      <Text color="secondary">
        {total === undefined
          ? t('shownUncounted', { shown: shown.toLocaleString('en') })
          : t('shown', {
              shown: shown.toLocaleString('en'),
              total: total.toLocaleString('en'),
            })}
      </Text>
      {onMore && (
        <Button variant="secondary" isDisabled={loading} onPress={onMore}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
