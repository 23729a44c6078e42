import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { useLayoutEffect, useState } from 'react';

/** In pixels, as the style sheet of the table has it. */
const ROW_HEIGHT = 40;

/** Up to here every row is in the page: find-in-page and printing work. */
const MOST_ROWS = 100;

/**
 * Which rows of a table are in the page: all of a short list, of a long one those that can be seen.
 *
 * @returns indexes (`end` is not included) and the heights of what is left out, in pixels
 */
export function useVisibleRows(
  tableRef: RefObject<HTMLTableElement>,
  count: number,
): { start: number; end: number; before: number; after: number } {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const { top: offset = 0 } = tableRef.current?.getBoundingClientRect() ?? {};
    setTop(offset + window.scrollY + ROW_HEIGHT);
  }, [tableRef]);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    scrollMargin: top,
    enabled: count > MOST_ROWS,
  });
  const visible = virtualizer.getVirtualItems();
  if (count <= MOST_ROWS || visible.length === 0) {
    return { start: 0, end: Math.min(count, MOST_ROWS), before: 0, after: 0 };
  }
  const start = visible[0].index;
  const end = visible[visible.length - 1].index + 1;
  return {
    start,
    end,
    before: start * ROW_HEIGHT,
    after: (count - end) * ROW_HEIGHT,
  };
}
