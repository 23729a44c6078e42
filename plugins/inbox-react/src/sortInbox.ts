import type { InboxItem } from './InboxSource';

const URGENCY = { critical: 0, attention: 1, progressing: 2 } as const;

/** The worst first, of these the newest; those of no known time last. */
export function sortInbox<Item extends InboxItem>(
  items: readonly Item[],
): Item[] {
  return [...items].sort(
    (a, b) =>
      URGENCY[a.state] - URGENCY[b.state] ||
      timeOf(b) - timeOf(a) ||
      a.title.localeCompare(b.title, 'en'),
  );
}

function timeOf({ since }: InboxItem): number {
  return (since && Date.parse(since)) || 0;
}
