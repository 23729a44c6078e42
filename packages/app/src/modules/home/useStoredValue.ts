import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { JsonValue } from '@backstage/types';
import { useCallback, useEffect, useMemo, useState } from 'react';

/**
 * A value that the portal keeps for the signed-in person (user settings on the server).
 * Undefined while unknown or not set.
 */
export function useStoredValue<T extends JsonValue>(
  key: string,
): [T | undefined, (value: T) => void, boolean] {
  const storageApi = useApi(storageApiRef);
  const bucket = useMemo(() => storageApi.forBucket('home'), [storageApi]);
  const [snapshot, setSnapshot] = useState(() => bucket.snapshot<T>(key));

  useEffect(() => {
    const subscription = bucket
      .observe$<T>(key)
      .subscribe(next => setSnapshot(next));
    return () => subscription.unsubscribe();
  }, [bucket, key]);

  const set = useCallback(
    (value: T) => {
      bucket.set(key, value);
    },
    [bucket, key],
  );
  return [
    snapshot.value as T | undefined,
    set,
    snapshot.presence !== 'unknown',
  ];
}
