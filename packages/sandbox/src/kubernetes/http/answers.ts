import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import type { StatusError } from '../StatusError';
import type { Representation } from './negotiate';

/** So many objects of a list are written before the next are turned into text. */
const ITEMS_PER_CHUNK = 100;

/** Answers with one object. */
export function sendObject(
  response: ServerResponse,
  status: number,
  object: unknown,
  representation: Representation = { syntax: 'json' },
): void {
  const yaml = representation.syntax === 'yaml';
  const text = yaml ? stringify(object) : `${JSON.stringify(object)}\n`;
  response.writeHead(status, {
    'Content-Type': yaml ? 'application/yaml' : 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-cache, private',
  });
  response.end(text);
}

/** Answers with a `Status`. */
export function sendError(response: ServerResponse, error: StatusError): void {
  const seconds = error.details?.retryAfterSeconds;
  if (seconds) {
    response.setHeader('Retry-After', String(seconds));
  }
  sendObject(response, error.code, error.toStatus());
}

/** Answers with a list, a part at a time, so that ten thousand objects need no text of forty megabytes. */
export async function sendList(
  response: ServerResponse,
  head: Readonly<Record<string, unknown>>,
  field: 'items' | 'rows',
  items: readonly unknown[],
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
  });
  const start = JSON.stringify(head).slice(0, -1);
  response.write(`${start},"${field}":[`);
  for (let index = 0; index < items.length; index += ITEMS_PER_CHUNK) {
    const part = items
      .slice(index, index + ITEMS_PER_CHUNK)
      .map(item => JSON.stringify(item))
      .join(',');
    if (!response.write(index === 0 ? part : `,${part}`)) {
      await waitForDrain(response);
      if (response.destroyed) {
        return;
      }
    }
  }
  response.end(']}\n');
}

/** Resolves when the client has read on, or is gone. */
export async function waitForDrain(response: ServerResponse): Promise<void> {
  const ended = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: ended.signal }),
    once(response, 'close', { signal: ended.signal }),
  ]);
  ended.abort();
}

/** Adds a warning that kubectl shows. */
export function addWarning(response: ServerResponse, warning: string): void {
  const text = warning.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&');
  response.appendHeader('Warning', `299 - "${text}"`);
}
