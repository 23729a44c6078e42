import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readBaseUrl } from './buildUrl';
import type { UpstreamTls } from './HttpTransport';

/**
 * What every instance of an upstream system has in the configuration.
 *
 * @public
 */
export interface InstanceConfig {
  /** Such as `main`. */
  readonly name: string;
  readonly url: string;
  readonly tls?: UpstreamTls;
  readonly headers?: Readonly<Record<string, string>>;
  /** The instance's own part of the configuration, for the keys that only this system has. */
  readonly config: Config;
}

/**
 * Reads `instances` below a key such as `waystone.integrations.argocd`. Without the key there are none.
 *
 * @throws InputError that names the key and what is wrong with its value, never the value of a secret.
 *
 * @public
 */
export function readInstances(
  config: Config,
  key: string,
): readonly InstanceConfig[] {
  const instances = (
    config.getOptionalConfigArray(`${key}.instances`) ?? []
  ).map((instance, index) =>
    readInstance(instance, `${key}.instances[${index}]`),
  );
  const names = instances.map(instance => instance.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `Invalid configuration at '${key}.instances': the name '${twice}' is there twice`,
    );
  }
  return instances;
}

function readInstance(config: Config, key: string): InstanceConfig {
  const name = config.getString('name');
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new InputError(
      `Invalid configuration at '${key}.name': '${name}' is not made of lower-case letters, digits and dashes`,
    );
  }
  return {
    name,
    url: readUrl(config, 'url', key),
    tls: readTls(config.getOptionalConfig('tls'), `${key}.tls`),
    headers: readHeaders(config.getOptionalConfig('headers'), key),
    config,
  };
}

function readHeaders(
  headers: Config | undefined,
  key: string,
): Record<string, string> | undefined {
  return (
    headers &&
    Object.fromEntries(
      headers.keys().map(name => {
        const value = headers.getString(name);
        // What HTTP allows; the value may be a secret and is not repeated.
        if (
          !/^[\w!#$%&'*+.^`|~-]+$/.test(name) ||
          /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value)
        ) {
          throw new InputError(
            `Invalid configuration at '${key}.headers': '${name}' is not a header, or its value has a line break`,
          );
        }
        return [name, value];
      }),
    )
  );
}

/**
 * Reads a URL that an upstream system is reached at.
 *
 * @public
 */
export function readUrl(config: Config, name: string, key: string): string {
  const url = config.getString(name);
  try {
    return readBaseUrl(url).href.replace(/\/$/, '');
  } catch (error) {
    throw new InputError(
      `Invalid configuration at '${key}.${name}': ${(error as Error).message}`,
    );
  }
}

/**
 * Reads `ca` (PEM), `caFile`, `certificateFile` and `keyFile`, `serverName` and `dangerouslyDisableVerification`.
 *
 * @public
 */
export function readTls(
  config: Config | undefined,
  key: string,
): UpstreamTls | undefined {
  if (!config) {
    return undefined;
  }
  const caFile = config.getOptionalString('caFile');
  const ca =
    config.getOptionalString('ca') ??
    (caFile && readPem(caFile, `${key}.caFile`));
  if (ca !== undefined) {
    checkCertificate(ca, config.has('ca') ? `${key}.ca` : `${key}.caFile`);
  }
  const certificateFile = config.getOptionalString('certificateFile');
  const keyFile = config.getOptionalString('keyFile');
  if (Boolean(certificateFile) !== Boolean(keyFile)) {
    throw new InputError(
      `Invalid configuration at '${key}': 'certificateFile' and 'keyFile' need each other`,
    );
  }
  return {
    ca,
    certificate:
      certificateFile && readPem(certificateFile, `${key}.certificateFile`),
    key: keyFile && readPem(keyFile, `${key}.keyFile`),
    serverName: config.getOptionalString('serverName'),
    dangerouslyDisableVerification: config.getOptionalBoolean(
      'dangerouslyDisableVerification',
    ),
  };
}

/** Reads a file that the configuration names. @internal */
export function readPem(path: string, key: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(
      `Invalid configuration at '${key}': cannot read '${path}' (${
        (error as NodeJS.ErrnoException).code
      })`,
    );
  }
}

/** @internal */
export function checkCertificate(pem: string, key: string): void {
  try {
    // Reads the first one; undici would otherwise only fail at the first call.
    void new X509Certificate(pem);
  } catch {
    throw new InputError(
      `Invalid configuration at '${key}': it is not a certificate in PEM format, which begins with '-----BEGIN CERTIFICATE-----'`,
    );
  }
}
