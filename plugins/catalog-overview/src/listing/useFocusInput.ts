import { useEffect, useRef } from 'react';

/** Puts the focus into the first field of what has just opened. @internal */
export function useFocusInput<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  useEffect(() => {
    ref.current?.querySelector('input')?.focus();
  }, []);
  return ref;
}
