const MASK = '***';

/** Names whose values are never shown, as they are written in logs: `DB_PASSWORD=…`, `"apiKey": "…"`. */
const NAMED =
  /(["']?[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|client[-_]?secret|authorization|cookie|session[-_]?id)[\w.-]*["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?:(?:bearer|basic)\s+)?[^\s,;&"'}\])]+)/gi;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Of a URL the password, and the name with it: `postgres://orders:…@host`
  [/\b([a-z][a-z\d+.-]{1,30}:\/\/)[^\s/@]{1,500}@/gi, `$1${MASK}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // JSON Web Tokens
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  // Keys with a form of their own: AWS, GitHub, GitLab, Slack, Vault, Stripe
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, MASK],
  [/\bgh[pousr]_\w{20,}/g, MASK],
  [/\bgithub_pat_\w{20,}/g, MASK],
  [/\bglpat-[\w-]{16,}/g, MASK],
  [/\bxox[abprs]-[\w-]{10,}/g, MASK],
  [/\bhv[sbr]\.[\w-]{16,}/g, MASK],
  [/\b[sr]k_(?:live|test)_\w{10,}/g, MASK],
  // The body of a key in PEM is nothing but base64, and so are most tokens
  [/\b(?=[\w+-]*\d)(?=[\w+-]*[A-Z])(?=[\w+-]*[a-z])[\w+-]{40,}={0,2}/g, MASK],
];

/** Longer lines are cut. */
const MOST_CHARACTERS = 1000;

/**
 * Takes out of a line what may be secret: values with a name that says so, passwords in URLs, tokens and keys by their
 * form.
 *
 * @remarks
 * It is better to hide too much: who needs the line in full reads it where it was written.
 */
export function redactSecrets(line: string): string {
  const cut =
    line.length > MOST_CHARACTERS
      ? `${line.slice(0, MOST_CHARACTERS - 1)}…`
      : line;
  return PATTERNS.reduce(
    (text, [pattern, mask]) => text.replace(pattern, mask),
    cut.replace(NAMED, `$1${MASK}`),
  );
}
