import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { StatusError } from '../StatusError';
import { badRequest } from '../write/statusErrors';
import { decodeProtobuf } from './decodeProtobuf';

/** The API server's own limit. */
const LARGEST_BODY = 3 * 1024 * 1024;

/** Reading YAML takes a second per MiB, in which nobody else is answered. */
const LARGEST_YAML = 1024 * 1024;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A request's body, read. @internal */
export interface RequestBody {
  /** Without parameters; empty if not given. */
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Reads a body whole. @throws StatusError 413 */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not with `for await`: leaving that would destroy the request, and with it the way to answer.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) {
        chunks.push(chunk);
      }
    });
    request.on('end', resolve);
    request.on('error', reject);
  });
  if (size > LARGEST_BODY) {
    throw tooLarge(LARGEST_BODY);
  }
  const bytes = Buffer.concat(chunks);
  return {
    mediaType: (request.headers['content-type'] ?? '')
      .split(';')[0]
      .trim()
      .toLowerCase(),
    bytes,
    text: bytes.toString('utf8'),
  };
}

/** Reads a body as JSON, YAML or protobuf. @throws StatusError 400 or 415 */
export function parseBody(body: RequestBody): any {
  const { mediaType, text } = body;
  if (mediaType === 'application/yaml' || mediaType.endsWith('+yaml')) {
    return parseYaml(text);
  }
  if (
    mediaType === '' ||
    mediaType === 'application/json' ||
    mediaType.endsWith('+json')
  ) {
    return parseJson(text);
  }
  if (mediaType === PROTOBUF) {
    return decodeProtobuf(body.bytes);
  }
  throw unsupportedMediaType([
    'application/json',
    'application/yaml',
    PROTOBUF,
  ]);
}

/** 415 with the types that are supported. */
export function unsupportedMediaType(types: readonly string[]): StatusError {
  return new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${types.join(
      ', ',
    )}`,
    details: {},
  });
}

function parseJson(text: string): any {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}

function tooLarge(limit: number): StatusError {
  return new StatusError({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${limit}`,
    details: {},
  });
}

/** Reads YAML. JSON is YAML too, and what kubectl sends under this name. @throws StatusError 400 or 413 */
function parseYaml(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    // Then it has to be read as YAML.
  }
  if (text.length > LARGEST_YAML) {
    throw tooLarge(LARGEST_YAML);
  }
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw badRequest(
      `error converting YAML to JSON: ${
        error instanceof Error ? error.message.split('\n')[0] : error
      }`,
    );
  }
}
