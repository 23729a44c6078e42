import type { JsonObject } from '../patch/jsonValues';
import { parseApiVersion } from '../resources/ResourceType';
import { readContract } from '../schema/contractsFolder';
import { StatusError } from '../StatusError';

/** The four bytes before every object. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const UNKNOWN = 'apimachinery.pkg.runtime.Unknown';
const META = 'apimachinery.pkg.apis.meta.v1.';

/** Name, type, and how often it can come, by the number of the field. */
type MessageFields = Readonly<
  Record<string, readonly [name: string, type: string, many?: 'list' | 'map']>
>;

/** Messages whose fields stand in JSON among those of the message around them. */
const INLINE = new Set([
  'ephemeralContainerCommon',
  'handler',
  'localObjectReference',
  'persistentVolumeSource',
  'volumeSource',
]);

/** Numbers and booleans for which zero is not the same as nothing. */
const POINTERS = new Set([
  'allowPrivilegeEscalation',
  'automountServiceAccountToken',
  'backoffLimit',
  'completions',
  'enableServiceLinks',
  'expirationSeconds',
  'failedJobsHistoryLimit',
  'gracePeriodSeconds',
  'minReplicas',
  'optional',
  'orphanDependents',
  'parallelism',
  'replicas',
  'revisionHistoryLimit',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'successfulJobsHistoryLimit',
  'suspend',
  'terminationGracePeriodSeconds',
  'ttlSecondsAfterFinished',
]);

let messages: Readonly<Record<string, MessageFields>> | undefined;

class Reader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.isAtEnd) {
        break;
      }
      const byte = this.#bytes[this.#offset];
      this.#offset += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    throw malformed();
  }

  readValue(wireType: number): bigint | Buffer {
    switch (wireType) {
      case 0:
        return this.readVarint();
      case 1:
        return this.#take(8);
      case 2:
        return this.#take(Number(this.readVarint()));
      case 5:
        return this.#take(4);
      default:
        throw malformed();
    }
  }

  #take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) {
      throw malformed();
    }
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }
}

/**
 * Reads an object in the protobuf encoding of Kubernetes, which kubectl uses to create built-in kinds.
 *
 * @throws StatusError 400, or 415 for kinds that kubectl does not send so
 */
export function decodeProtobuf(bytes: Buffer): JsonObject {
  messages ??= readContract('protobuf.json');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new StatusError({
      code: 400,
      reason: 'BadRequest',
      message:
        'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    });
  }
  const envelope = readMessage(bytes.subarray(MAGIC.length), UNKNOWN);
  const { apiVersion = '', kind = '' } = envelope.typeMeta ?? {};
  const type = messageName(apiVersion, kind);
  if (!messages![type]) {
    throw new StatusError({
      code: 415,
      reason: 'UnsupportedMediaType',
      message: `the sandbox reads ${kind} as JSON or YAML only`,
      details: {},
    });
  }
  const raw = Buffer.from(envelope.raw ?? '', 'base64');
  return { apiVersion, kind, ...readMessage(raw, type) };
}

function messageName(apiVersion: string, kind: string): string {
  const { group, version } = parseApiVersion(apiVersion);
  if (kind === 'DeleteOptions') {
    return `${META}DeleteOptions`;
  }
  return `api.${group.split('.')[0] || 'core'}.${version}.${kind}`;
}

function readMessage(bytes: Buffer, type: string): any {
  const fields = messages![type] ?? {};
  const result: JsonObject = {};
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = Number(reader.readVarint());
    const field = fields[tag >>> 3];
    const value = reader.readValue(tag & 7);
    if (field) {
      addField(result, field, value);
    }
  }
  return unwrap(type, result);
}

function addField(
  result: JsonObject,
  [name, type, many]: MessageFields[string],
  value: bigint | Buffer,
): void {
  if (many === 'map') {
    const entry = readEntry(value as Buffer, type);
    result[name] = { ...result[name], [entry.key]: entry.value };
    return;
  }
  const read = readField(type, value);
  if (many === 'list') {
    result[name] = [...(result[name] ?? []), read];
  } else if (INLINE.has(name)) {
    Object.assign(result, read);
  } else if (!isNothing(name, read)) {
    result[name] = read;
  }
}

function readField(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case 'string':
      return (value as Buffer).toString('utf8');
    case 'bytes':
      return (value as Buffer).toString('base64');
    case 'bool':
      return value !== 0n;
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, value as bigint));
    default:
      return readMessage(value as Buffer, type);
  }
}

function readEntry(
  bytes: Buffer,
  type: string,
): { readonly key: string; readonly value: unknown } {
  const reader = new Reader(bytes);
  let key = '';
  let value: unknown = type === 'string' || type === 'bytes' ? '' : undefined;
  while (!reader.isAtEnd) {
    const tag = Number(reader.readVarint());
    const part = reader.readValue(tag & 7);
    if (tag >>> 3 === 1) {
      key = (part as Buffer).toString('utf8');
    } else {
      value = readField(type, part);
    }
  }
  return { key, value };
}

/** Go writes fields that are no pointers even if nothing is in them. */
function isNothing(name: string, value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    ((value === 0 || value === false) && !POINTERS.has(name))
  );
}

/** The messages that are no objects in JSON. */
function unwrap(type: string, message: JsonObject): unknown {
  switch (type) {
    case 'apimachinery.pkg.api.resource.Quantity':
      return message.string ?? '0';
    case 'apimachinery.pkg.util.intstr.IntOrString':
      return message.type === 1 ? message.strVal ?? '' : message.intVal ?? 0;
    case `${META}Time`:
    case `${META}MicroTime`:
      return message.seconds === undefined
        ? undefined
        : new Date(message.seconds * 1_000)
            .toISOString()
            .replace(/\.\d+Z$/, 'Z');
    case `${META}FieldsV1`:
      return parseRaw(message.Raw);
    case 'apimachinery.pkg.runtime.RawExtension':
      return parseRaw(message.raw);
    default:
      return type.endsWith('ExtraValue') ? message.items ?? [] : message;
  }
}

function parseRaw(base64: string | undefined): unknown {
  const text = Buffer.from(base64 ?? '', 'base64').toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}

function malformed(): StatusError {
  return new StatusError({
    code: 400,
    reason: 'BadRequest',
    message: 'the protobuf message is cut off or malformed',
  });
}
