import type { Readable } from 'node:stream';
import { ForgeError } from '../ForgeError';

/** What the commands of a push may have at most, in bytes. */
const MAX_HEAD = 1024 * 1024;

/** One change that a push asks for. @internal */
export interface RefCommand {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** Of the first command only; the client's abilities. */
  readonly capabilities: readonly string[];
}

/** Writes one packet of Git's protocol. @internal */
export function encodePacket(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as Buffer);
  const length = (bytes.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length), bytes]);
}

/**
 * Reads the commands at the start of a push, up to the pack.
 *
 * @returns the commands, the bytes read so far, and the stream with what is left
 * @internal
 */
export async function readPushHead(body: Readable): Promise<{
  commands: RefCommand[];
  head: Buffer;
  rest: Readable;
}> {
  let head = Buffer.alloc(0);
  for (;;) {
    const commands = parseCommands(head);
    if (commands) {
      return { commands, head, rest: body };
    }
    if (head.length > MAX_HEAD) {
      throw new ForgeError(413, 'The push changes too many refs.');
    }
    const chunk = await readChunk(body);
    if (!chunk) {
      // A probe: git sends a lone flush packet before a big push.
      return { commands: [], head, rest: body };
    }
    head = Buffer.concat([head, chunk]);
  }
}

async function readChunk(body: Readable): Promise<Buffer | null> {
  for (;;) {
    const chunk = body.read() as Buffer | null;
    if (chunk) {
      return chunk;
    }
    if (body.readableEnded || body.destroyed) {
      return null;
    }
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => {
        body.off('readable', settle);
        body.off('end', settle);
        body.off('close', settle);
        body.off('error', settle);
        if (error instanceof Error) {
          reject(new ForgeError(400, 'The push cannot be read.'));
        } else {
          resolve();
        }
      };
      body.on('readable', settle);
      body.on('end', settle);
      body.on('close', settle);
      body.on('error', settle);
    });
  }
}

/** The commands if all of them are there. */
function parseCommands(bytes: Buffer): RefCommand[] | undefined {
  const commands: RefCommand[] = [];
  for (let offset = 0; offset + 4 <= bytes.length; ) {
    const digits = bytes.toString('latin1', offset, offset + 4);
    const length = /^[0-9a-f]{4}$/.test(digits) ? parseInt(digits, 16) : -1;
    if (length === 0) {
      return commands;
    }
    if (length < 4) {
      throw new ForgeError(400, 'The push cannot be read.');
    }
    if (offset + length > bytes.length) {
      return undefined;
    }
    const [line, capabilities = ''] = bytes
      .toString('utf8', offset + 4, offset + length)
      .replace(/\n$/, '')
      .split('\0');
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/.exec(line);
    if (match) {
      commands.push({
        before: match[1],
        after: match[2],
        ref: match[3],
        capabilities: capabilities.split(' ').filter(Boolean),
      });
    }
    offset += length;
  }
  return undefined;
}
