import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { uiTranslationRef } from '../translation';
import { CopyRequestButton } from './CopyRequestButton';
import { messageOf, statusOf } from './messageOf';
import { RefusalNote } from './RefusalNote';
import { refusalOf } from './refusalOf';

/**
 * What failed, on what, and the way to try it again. A refusal (403) is no
 * failure: trying again does not help. It says which permission is missing and
 * whom to ask for it, and has the request for copying.
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
  const refusal = denied ? refusalOf(error) : undefined;
  if (refusal) {
    return (
      <Alert
        status="warning"
        icon
        title={t(refusal.isRead ? 'denied' : 'deniedAction')}
        description={
          <RefusalNote message={messageOf(error)} refusal={refusal} />
        }
        customActions={<CopyRequestButton refusal={refusal} />}
      />
    );
  }
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
