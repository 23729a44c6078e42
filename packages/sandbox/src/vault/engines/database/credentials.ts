import { randomText } from '../../randomId';

/** One text stays whole: statements have commas of their own. */
export function readStatementList(value: unknown): string[] | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return (Array.isArray(value) ? value.map(String) : [String(value)]).filter(
    Boolean,
  );
}

/** Such as `v-approle-orders-9fTqBmWXbg1r0cPxz2kd-1700000000`, at most 63 characters. */
export function createUsername(displayName: string, role: string): string {
  const clean = (text: string) => text.replace(/[^\w-]/g, '').slice(0, 8);
  return `v-${clean(displayName)}-${clean(role)}-${randomText(20)}-${Math.floor(
    Date.now() / 1000,
  )}`;
}

/** Without a character that SQL or a URL would take for something else. */
export function createPassword(): string {
  return `${randomText(10)}-${randomText(9)}`;
}
