import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Problem } from '@waystone/ui';
import { infrastructureTranslationRef } from '../translation';

/** Reads a value once, when it is shown, such as in a dialog. */
export function Loaded<T>(props: {
  read(signal: AbortSignal): Promise<T>;
  children(value: T): ReactNode;
}) {
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<unknown>();
  const read = useRef(props.read);
  useEffect(() => {
    const controller = new AbortController();
    read.current(controller.signal).then(
      found => setValue(found),
      problem => {
        if (!controller.signal.aborted) {
          setError(problem);
        }
      },
    );
    return () => controller.abort();
  }, []);
  if (error !== undefined) {
    return <Problem title={t('page.failed')} error={error} />;
  }
  return value === undefined ? (
    <Skeleton width="100%" height={48} />
  ) : (
    <>{props.children(value)}</>
  );
}
