import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { messageOf } from '../api/messageOf';
import { infrastructureTranslationRef } from '../translation';

/** What failed, and the way to try it again. */
export function Problem(props: {
  title: string;
  error: unknown;
  onRetry?: () => void;
}) {
  const { title, error, onRetry } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <Alert
      status="danger"
      icon
      title={title}
      description={messageOf(error)}
      customActions={
        onRetry && (
          <Button variant="secondary" size="small" onPress={onRetry}>
            {t('page.retry')}
          </Button>
        )
      }
    />
  );
}
