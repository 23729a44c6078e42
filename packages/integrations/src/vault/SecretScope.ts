import { AsyncLocalStorage } from 'node:async_hooks';
import { errorCodeOf, readReason } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import { parseVaultError } from './errors';

/** Shorter texts are too common to be taken out of errors. */
const SHORTEST_SECRET = 4;

/**
 * Knows what each call has sent, and takes it out of what is said about that call: a server, or a proxy before it,
 * may repeat what it got.
 *
 * @internal
 */
export class SecretScope {
  readonly #secrets = new AsyncLocalStorage<readonly string[]>();

  /** Makes a call of which all texts and numbers in a value are secret. */
  async run<T>(value: unknown, call: () => Promise<T>): Promise<T> {
    return this.#secrets.run(textsOf(value), call);
  }

  /** Reads an error body of Vault, or of something before it, without what the call has sent. */
  readonly parseError = (
    status: number,
    contentType: string,
    body: string,
  ): UpstreamFailure => {
    const clean = (this.#secrets.getStore() ?? []).reduce(
      (text, secret) => text.replaceAll(secret, '***'),
      body,
    );
    return (
      parseVaultError(status, clean) ?? {
        code: errorCodeOf(status),
        reason: readReason(contentType, clean) ?? `it answered ${status}`,
      }
    );
  };
}

/** All texts and numbers in a value, also as they look within JSON, the longest first. */
function textsOf(value: unknown): string[] {
  const texts = new Set<string>();
  const walk = (item: unknown) => {
    if (typeof item === 'string' || typeof item === 'number') {
      let text = String(item);
      for (let depth = 0; depth < 3; depth++) {
        texts.add(text);
        text = JSON.stringify(text).slice(1, -1);
      }
    } else if (typeof item === 'object' && item !== null) {
      Object.values(item).forEach(walk);
    }
  };
  walk(value);
  return [...texts]
    .filter(text => text.length >= SHORTEST_SECRET)
    .sort((left, right) => right.length - left.length);
}
