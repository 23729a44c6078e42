/**
 * What a request is about, read from its method and address.
 *
 * @internal
 */
export interface RequestInfo {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined if the address is about no resource. */
  readonly resource?: ResourceAddress;
}

/** @internal */
export interface ResourceAddress {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads the address of a request below the root of a cluster. */
export function readRequestInfo(url: string): RequestInfo {
  const { pathname, searchParams } = new URL(url, 'http://cluster.invalid');
  const segments = pathname
    .split('/')
    .filter(segment => segment !== '')
    .map(decodeSegment);
  return {
    path: pathname,
    query: searchParams,
    resource: readAddress(segments),
  };
}

function readAddress(segments: readonly string[]): ResourceAddress | undefined {
  const [root, ...rest] = segments;
  if (root === 'api' && rest.length >= 2) {
    return readResource('', rest[0], rest.slice(1));
  }
  if (root === 'apis' && rest.length >= 3) {
    return readResource(rest[0], rest[1], rest.slice(2));
  }
  return undefined;
}

function readResource(
  group: string,
  version: string,
  segments: readonly string[],
): ResourceAddress | undefined {
  const address = { group, version };
  if (segments[0] === 'namespaces' && segments.length >= 3) {
    const isOwn =
      group === '' && (segments[2] === 'status' || segments[2] === 'finalize');
    if (!isOwn || segments.length > 3) {
      const [, namespace, plural, name, subresource, ...extra] = segments;
      return extra.length > 0
        ? undefined
        : { ...address, namespace, plural, name, subresource };
    }
  }
  const [plural, name, subresource, ...extra] = segments;
  return extra.length > 0
    ? undefined
    : { ...address, plural, name, subresource };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoded text: then it is meant as it stands, and nothing has this name.
    return segment;
  }
}
