/**
 * Remembers in this browser which provider a person signs in with. It is no credential: it only saves
 * asking every provider for a session that can't be there.
 */
const KEY = 'waystone.signIn.provider';

export const signInHint = {
  get(): string | undefined {
    return window.localStorage.getItem(KEY) ?? undefined;
  },
  set(providerId: string) {
    window.localStorage.setItem(KEY, providerId);
  },
  clear() {
    window.localStorage.removeItem(KEY);
  },
};
