/** 'Request approve' for `request-approve`. */
export function describeEvent(eventId: string): string {
  const words = eventId.replaceAll('-', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Keys of the details that say which variant of an event it is, the first that is there. */
const VARIANTS = ['actionType', 'queryType', 'toolName'];

/** What happened: the event and its variant, if it says one. */
export function describeWhat(event: {
  readonly eventId: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}): string {
  const variant = VARIANTS.map(key => event.meta?.[key]).find(
    value => typeof value === 'string' && value !== '',
  );
  return variant
    ? `${describeEvent(event.eventId)}: ${variant}`
    : describeEvent(event.eventId);
}

/** The name in a ref: 'maya' of `user:default/maya`, 'catalog' of `plugin:catalog`. */
export function shortName(ref: string): string {
  return ref.slice(Math.max(ref.lastIndexOf('/'), ref.indexOf(':')) + 1);
}
