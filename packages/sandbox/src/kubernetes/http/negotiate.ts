import { StatusError } from '../StatusError';

/** How a client wants an answer. @internal */
export interface Representation {
  readonly syntax: 'json' | 'yaml';
  /** Another kind than the resource's own. */
  readonly as?:
    | 'Table'
    | 'PartialObjectMetadata'
    | 'PartialObjectMetadataList'
    | 'APIGroupDiscoveryList';
  readonly version?: string;
}

const KINDS = new Set([
  'Table',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
  'APIGroupDiscoveryList',
]);

/**
 * Chooses the first representation of an `Accept` header that can be had.
 *
 * @remarks
 * Protobuf cannot; clients that ask for it name JSON as well, and those that do not get JSON too.
 *
 * @throws StatusError 406
 */
export function negotiate(accept: string | undefined): Representation {
  const wanted = (accept ?? '*/*').split(',').map(readMediaType);
  let offersProtobuf = false;
  for (const { name, parameters } of wanted) {
    const as = parameters.get('as');
    const known = as === undefined || KINDS.has(as);
    const syntax = syntaxOf(name);
    if (syntax && known) {
      return {
        syntax,
        ...(as !== undefined && {
          as: as as Representation['as'],
          version: parameters.get('v'),
        }),
      };
    }
    offersProtobuf ||= name === 'application/vnd.kubernetes.protobuf';
  }
  if (offersProtobuf) {
    return { syntax: 'json' };
  }
  throw new StatusError({
    code: 406,
    reason: 'NotAcceptable',
    message:
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    details: {},
  });
}

function syntaxOf(name: string): 'json' | 'yaml' | undefined {
  switch (name) {
    case '*/*':
    case 'application/*':
    case 'application/json':
      return 'json';
    case 'application/yaml':
      return 'yaml';
    default:
      return undefined;
  }
}

function readMediaType(text: string): {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
} {
  const [name, ...parameters] = text.split(';').map(part => part.trim());
  return {
    name: name.toLowerCase(),
    parameters: new Map(
      parameters.map(parameter => {
        const [key, value = ''] = parameter.split('=');
        return [key.trim(), value.trim()] as const;
      }),
    ),
  };
}
