import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import ipaddr from 'ipaddr.js';

/**
 * Azure's wire server hands out secrets of the machine like 169.254.169.254 does,
 * but on an address that looks public.
 */
const PUBLIC_LOOKING_METADATA = new Set(['168.63.129.16']);

/**
 * Decides which addresses the portal may connect to on behalf of somebody.
 *
 * @internal
 */
export class OutboundPolicy {
  readonly #allowed: Set<string>;

  /** Reads `waystone.outbound.allowPrivate`. */
  static fromConfig(config: Config): OutboundPolicy {
    const entries =
      config.getOptionalStringArray('waystone.outbound.allowPrivate') ?? [];
    return new OutboundPolicy(entries);
  }

  constructor(entries: string[]) {
    this.#allowed = new Set(entries.map(parseEntry));
  }

  /**
   * Whether a connection to an address is allowed.
   *
   * @param host - The host name or address as written in the URL
   * @param port - The port
   * @param address - The IP address that the connection would go to
   */
  allows(host: string, port: number, address: string): boolean {
    const kind = classifyAddress(address);
    if (kind === 'public') {
      return true;
    }
    if (!this.#allowed.has(`${normaliseHost(host)}:${port}`)) {
      return false;
    }
    // An allowed name may point into the own network. It must not point to the
    // metadata service, unless that very address is what was allowed.
    return kind === 'private' || normaliseHost(host) === normaliseHost(address);
  }
}

/**
 * What kind of address it is.
 *
 * @remarks
 *
 * `private`: loopback and networks of one's own. `forbidden`: link-local, which is
 * where cloud metadata lives, multicast, reserved and anything that cannot be
 * told. Addresses that carry an IPv4 address inside are judged by that.
 *
 * @internal
 */
export function classifyAddress(
  address: string,
): 'public' | 'private' | 'forbidden' {
  const [withoutZone] = address.split('%', 1);
  if (!ipaddr.isValid(withoutZone)) {
    return 'forbidden';
  }
  const parsed = ipaddr.process(withoutZone);
  const range: string = parsed.range();

  if (range === 'rfc6052') {
    // NAT64: the last 32 bits are the IPv4 address that is reached.
    const inner = parsed.toByteArray().slice(12);
    return classifyAddress(inner.join('.'));
  }
  if (
    ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'].includes(range)
  ) {
    return 'private';
  }
  if (range !== 'unicast') {
    return 'forbidden';
  }
  if (PUBLIC_LOOKING_METADATA.has(parsed.toString())) {
    return 'forbidden';
  }
  // Of IPv6 only 2000::/3 is in use; the rest is 'unicast' by default.
  if (parsed.kind() === 'ipv6' && parsed.toByteArray()[0] >> 5 !== 1) {
    return 'forbidden';
  }
  return 'public';
}

/** Lower case, no brackets around IPv6, no dot at the end. */
function normaliseHost(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare;
}

function parseEntry(entry: string): string {
  try {
    const url = new URL(`https://${entry}`);
    if (url.pathname === '/' && !url.username && !url.search && !url.hash) {
      return `${normaliseHost(url.hostname)}:${url.port || 443}`;
    }
  } catch {
    // Explained below.
  }
  throw new InputError(
    `Invalid config 'waystone.outbound.allowPrivate': expected <host> or <host>:<port>, got '${entry}'`,
  );
}
