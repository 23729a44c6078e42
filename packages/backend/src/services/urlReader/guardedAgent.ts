import { lookup as dnsLookup } from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, interceptors } from 'undici';
import type { OutboundPolicy } from './OutboundPolicy';

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The portal does not connect there on behalf of somebody.
 *
 * @internal
 */
export class OutboundRefusedError extends Error {
  constructor(host: string, port: number) {
    super(
      `Connections to '${host}:${port}' are not allowed, because it is not a public address. ` +
        `If the portal is meant to read from there, list '${host}:${port}' in the config at 'waystone.outbound.allowPrivate'`,
    );
    this.name = 'OutboundRefusedError';
  }
}

/**
 * Creates a dispatcher that connects only to addresses that the policy allows.
 *
 * @remarks
 *
 * The check sits where the connection is made, on the very address that it is made
 * to. So it holds for every redirect and every way to write an address, and a
 * name cannot resolve to something else between the check and the connection.
 *
 * @param policy - Which addresses are allowed
 * @param resolve - Replaces the name resolution, for tests
 * @internal
 */
export function createGuardedAgent(
  policy: OutboundPolicy,
  resolve: LookupFunction = dnsLookup as LookupFunction,
): Dispatcher {
  const connect: buildConnector.connector = (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(
      options.port || (options.protocol === 'https:' ? 443 : 80),
    );
    // Addresses are not looked up, so they are checked here.
    if (net.isIP(host) && !policy.allows(host, port, host)) {
      callback(new OutboundRefusedError(options.hostname, port), null);
      return;
    }

    const lookup: LookupFunction = (name, lookupOptions, done) => {
      resolve(name, { ...lookupOptions, all: true }, (error, result) => {
        if (error) {
          done(error, '', 0);
          return;
        }
        const addresses = result as unknown as {
          address: string;
          family: number;
        }[];
        const allAllowed =
          addresses.length > 0 &&
          addresses.every(({ address }) => policy.allows(host, port, address));
        if (!allAllowed) {
          done(new OutboundRefusedError(options.hostname, port), '', 0);
        } else if (lookupOptions.all) {
          done(null, addresses);
        } else {
          done(null, addresses[0].address, addresses[0].family);
        }
      });
    };
    buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      lookup,
    } as buildConnector.BuildOptions)(options, callback);
  };

  // Unpacks here rather than in fetch, so that a limit on the size counts what
  // comes out of a compressed answer.
  return new Agent({ connect }).compose(
    interceptors.decompress({ skipErrorResponses: false }),
  );
}
