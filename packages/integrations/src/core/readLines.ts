import type { Readable } from 'node:stream';
import { BodyTooLargeError } from './readBody';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** @internal */
export class IdleError extends Error {
  name = 'IdleError';
}

/**
 * Splits a stream of UTF-8 into lines. Reads on only when the consumer asks.
 *
 * @throws {@link IdleError} if nothing comes for so long while the consumer waits, {@link BodyTooLargeError} if a line
 * is too long.
 *
 * @internal
 */
export async function* readLines(
  body: Readable,
  options: { readonly idleTimeoutMs: number; readonly maxLineBytes: number },
): AsyncGenerator<string, void, undefined> {
  const { idleTimeoutMs, maxLineBytes } = options;
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      if (Number.isFinite(idleTimeoutMs)) {
        timer = setTimeout(() => body.destroy(new IdleError()), idleTimeoutMs);
      }
      const { done, value: chunk } = await chunks.next();
      clearTimeout(timer);
      if (done) {
        break;
      }
      let start = 0;
      for (
        let end = chunk.indexOf(NEWLINE);
        end !== -1;
        end = chunk.indexOf(NEWLINE, start)
      ) {
        const rest = chunk.subarray(start, end);
        const line = begunBytes > 0 ? Buffer.concat([...begun, rest]) : rest;
        start = end + 1;
        begun = [];
        begunBytes = 0;
        if (line.length > maxLineBytes) {
          throw new BodyTooLargeError();
        }
        yield toText(line);
      }
      if (start < chunk.length) {
        begun.push(chunk.subarray(start));
        begunBytes += chunk.length - start;
        if (begunBytes > maxLineBytes) {
          throw new BodyTooLargeError();
        }
      }
    }
    if (begunBytes > 0) {
      yield toText(Buffer.concat(begun));
    }
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

function toText(line: Buffer): string {
  return line
    .subarray(
      0,
      line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length,
    )
    .toString('utf8');
}
