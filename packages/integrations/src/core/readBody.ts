import type { Readable } from 'node:stream';

/** @internal */
export class BodyTooLargeError extends Error {
  name = 'BodyTooLargeError';
}

/**
 * Reads a body as UTF-8.
 *
 * @throws {@link BodyTooLargeError} as soon as it is too large; the rest is not read.
 *
 * @internal
 */
export async function readBody(
  body: Readable,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the stream, and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new BodyTooLargeError();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

/** Reads what fits of a body that is only shown. Never fails. @internal */
export async function readBodyStart(
  body: Readable,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) {
        break;
      }
    }
  } catch {
    // The status is known already, which is more than the end of the explanation.
  }
  return Buffer.concat(chunks, bytes).subarray(0, maxBytes).toString('utf8');
}
