import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { uiTranslationRef } from '../translation';
import { messageOf, statusOf } from './messageOf';

/**
 * What failed, on what, and the way to try it again. A refusal (403) is no
 * failure: trying again does not help, so it is told apart.
 *
 * @param props - `title` says what failed
 *
 * @public
 */
export function Problem(props: {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}) {
  const { error, onRetry, title } = props;
  const { t } = useTranslationRef(uiTranslationRef);
  const denied = statusOf(error) === 403;
  return (
    <Alert
      status={denied ? 'warning' : 'danger'}
      icon
      title={denied ? t('denied') : title}
      description={messageOf(error)}
      customActions={
        onRetry &&
        !denied && (
          <Button variant="secondary" size="small" onPress={onRetry}>
            {t('retry')}
          </Button>
        )
      }
    />
  );
}
