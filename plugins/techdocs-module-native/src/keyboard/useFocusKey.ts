import { useEffect, type RefObject } from 'react';
import { isTyping } from './isTyping';

/** Moves the focus to the field in an element when its key is pressed. */
export function useFocusKey(key: string, within: RefObject<HTMLElement>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || isTyping(event)) return;
      const field = within.current?.querySelector('input');
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [key, within]);
}
