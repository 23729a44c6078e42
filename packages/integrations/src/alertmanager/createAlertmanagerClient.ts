import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import type { AlertmanagerClient } from './Client';
import { DefaultAlertmanagerClient } from './DefaultAlertmanagerClient';
import { parseAlertmanagerError } from './errors';

/** @public */
export type AlertmanagerClientOptions = Omit<
  UpstreamHttpOptions,
  'system' | 'parseError'
>;

/**
 * Creates the client of one Alertmanager.
 *
 * @public
 */
export function createAlertmanagerClient(
  options: AlertmanagerClientOptions,
): AlertmanagerClient {
  return new DefaultAlertmanagerClient(
    createUpstreamHttp({
      ...options,
      system: 'alertmanager',
      parseError: parseAlertmanagerError,
    }),
  );
}
