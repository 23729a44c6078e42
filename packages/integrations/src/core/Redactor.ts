const SHORTEST = 6;

/**
 * Takes secrets out of texts, wherever they come from: also an upstream that repeats the credentials it got.
 *
 * @internal
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  /** Credentials that come and go, the last ones only. */
  readonly #recent: string[] = [];

  constructor(secrets: readonly string[] = []) {
    secrets.forEach(secret => this.#add(secret));
  }

  /** Remembers what is in headers that were sent. */
  noteHeaders(headers: Readonly<Record<string, string>>): void {
    for (const value of Object.values(headers)) {
      if (!this.#secrets.has(value)) {
        for (const secret of [value, ...partsOf(value)]) {
          if (this.#add(secret)) {
            this.#recent.push(secret);
          }
        }
        while (this.#recent.length > 50) {
          this.#secrets.delete(this.#recent.shift()!);
        }
      }
    }
  }

  redact(text: string): string {
    let redacted = text;
    for (const secret of this.#secrets) {
      if (redacted.includes(secret)) {
        redacted = redacted.replaceAll(secret, '***');
      }
    }
    return redacted;
  }

  #add(secret: string): boolean {
    if (secret.length < SHORTEST || this.#secrets.has(secret)) {
      return false;
    }
    this.#secrets.add(secret);
    return true;
  }
}

function partsOf(header: string): string[] {
  const [scheme, credentials] = header.split(' ', 2);
  if (!credentials) {
    return [];
  }
  if (scheme.toLowerCase() !== 'basic') {
    return [credentials];
  }
  const pair = Buffer.from(credentials, 'base64').toString();
  return [credentials, pair, pair.slice(pair.indexOf(':') + 1)];
}
