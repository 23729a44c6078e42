import type { ResourceType } from '../resources/ResourceType';
import {
  formatGroupKind,
  formatGroupResource,
} from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import type { StatusDetails } from '../StatusError';

/** One thing that is wrong with an object, with the path of the field. */
export interface FieldError {
  readonly type:
    | 'Invalid type'
    | 'Required value'
    | 'Invalid value'
    | 'Unsupported value'
    | 'Forbidden'
    | 'Duplicate value'
    | 'Too long'
    | 'Too many'
    | 'Internal error';
  readonly field: string;
  /** Without the words of the type and the value, which are put before it. */
  readonly detail: string;
  /** Shown for the types that name the value. */
  readonly value?: unknown;
}

const REASONS: Record<FieldError['type'], string> = {
  'Required value': 'FieldValueRequired',
  'Invalid type': 'FieldValueTypeInvalid',
  'Invalid value': 'FieldValueInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  'Duplicate value': 'FieldValueDuplicate',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Internal error': 'InternalError',
};

/** `Invalid value: "x": must be …`, as the API server words it. */
export function formatFieldError(error: FieldError): string {
  const showsValue =
    error.type === 'Invalid type' ||
    error.type === 'Invalid value' ||
    error.type === 'Unsupported value' ||
    error.type === 'Duplicate value';
  const words: string[] = [
    error.type === 'Invalid type' ? 'Invalid value' : error.type,
  ];
  if (showsValue) {
    words.push(formatValue(error.value));
  }
  if (error.detail) {
    words.push(error.detail);
  }
  return words.join(': ');
}

/** 422: an object whose fields break the rules. */
export function invalid(
  type: ResourceType,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const lines = errors.map(
    error => `${error.field || '<nil>'}: ${formatFieldError(error)}`,
  );
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `${formatGroupKind(type)} "${name}" is invalid: ${list}`,
    details: {
      ...(name && { name }),
      ...(type.group && { group: type.group }),
      kind: type.kind,
      causes: errors.map(error => ({
        reason: REASONS[error.type],
        message: formatFieldError(error),
        field: error.field || '<nil>',
      })),
    },
  });
}

/** 404: no object of this name. */
export function notFound(type: ResourceType, name: string): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${formatGroupResource(type)} "${name}" not found`,
    details: detailsOf(type, name),
  });
}

/** 409: there is one of this name. */
export function alreadyExists(type: ResourceType, name: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${formatGroupResource(type)} "${name}" already exists`,
    details: detailsOf(type, name),
  });
}

/** 409: somebody else was faster, or a precondition does not hold. */
export function conflict(
  type: ResourceType,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): StatusError {
  return new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${formatGroupResource(
      type,
    )} "${name}": ${why}`,
    details: detailsOf(type, name),
  });
}

/** 403 for a reason other than rights. */
export function forbidden(
  type: ResourceType,
  name: string,
  why: string,
): StatusError {
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${formatGroupResource(type)}${
      name ? ` "${name}"` : ''
    } is forbidden: ${why}`,
    details: detailsOf(type, name),
  });
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message });
}

/** 404: the kind itself is not served. */
export function noSuchResource(): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });
}

/** 405. */
export function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

/** 410: the resource version is too old. */
export function expired(message: string): StatusError {
  return new StatusError({ code: 410, reason: 'Expired', message });
}

function detailsOf(type: ResourceType, name: string): StatusDetails {
  return {
    ...(name && { name }),
    ...(type.group && { group: type.group }),
    kind: type.plural,
  };
}

function formatValue(value: unknown): string {
  if (value === undefined || value === null) {
    return 'null';
  }
  return JSON.stringify(value);
}
