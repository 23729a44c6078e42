/** What stands in place of a secret. @public */
export const REDACTED = '***';

/** What looks like a secret wherever it stands; the part to keep is the first group. */
const SECRETS: readonly RegExp[] = [
  // JSON Web Tokens
  /()\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g,
  /(\b(?:bearer|basic|token)\s+)[\w+/=.~-]{8,}/gi,
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // Vault and OpenBao
  /()\bhv[sbr]\.[\w-]{16,}/g,
  // GitHub, GitLab, Slack, AWS
  /()\bgh[oprsu]_\w{20,}/g,
  /()\bgithub_pat_\w{20,}/g,
  /()\bgl[a-z]{2,5}-[\w-]{16,}/g,
  /()\bxox[abeoprs]-[\w-]{10,}/g,
  /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  // The password in the address of something
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi,
  // key=value in queries and connection strings
  /((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|signature|client[-_]?secret|code)=)[^\s&;,]{1,2000}/gi,
];

/**
 * A text without what looks like a secret in it, and without what PostgreSQL refuses to store.
 *
 * @public
 */
export function redactText(text: string): string {
  let clean = text
    // NUL cannot be in a text of PostgreSQL, half a surrogate pair not in its JSON
    .replaceAll('\u0000', '')
    .toWellFormed();
  for (const pattern of SECRETS) {
    clean = clean.replace(pattern, `$1${REDACTED}`);
  }
  return clean;
}
