/**
 * Freezes a JSON value with all that is in it, and returns it.
 *
 * @remarks
 * Stops at what is frozen already, so that what an object shares with its predecessor costs nothing, and at
 * getters, so that what is read lazily stays unread.
 *
 * @internal
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) {
    return value;
  }
  Object.freeze(value);
  if (Array.isArray(value)) {
    for (const item of value) {
      deepFreeze(item);
    }
    return value;
  }
  for (const descriptor of Object.values(
    Object.getOwnPropertyDescriptors(value),
  )) {
    if (!descriptor.get) {
      deepFreeze(descriptor.value);
    }
  }
  return value;
}
