import { createHash } from 'node:crypto';

/** The same text for the same values, whatever the order of the fields. */
export function hashBody(body: unknown): string {
  const canonical = JSON.stringify(body, (_key, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item).sort(([left], [right]) =>
            left < right ? -1 : 1,
          ),
        )
      : item,
  );
  return createHash('sha256').update(canonical).digest('hex');
}
