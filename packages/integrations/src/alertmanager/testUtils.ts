import type { AlertmanagerClient } from './Client';
import { DefaultAlertmanagerService } from './AlertmanagerService';
import type { AlertmanagerService } from './AlertmanagerService';

/**
 * An Alertmanager for the tests of others: it has what is given, and fails loudly at anything else.
 *
 * @public
 */
export function mockAlertmanagerClient(
  parts: Partial<AlertmanagerClient> = {},
): AlertmanagerClient {
  const named = { instance: 'main', ...parts };
  return new Proxy(named as AlertmanagerClient, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') {
        return Reflect.get(target, name, receiver);
      }
      return () => {
        throw new Error(
          `The mocked Alertmanager was not told what to do on '${name}'`,
        );
      };
    },
  });
}

/** @public */
export function mockAlertmanagerService(
  ...clients: readonly AlertmanagerClient[]
): AlertmanagerService {
  return new DefaultAlertmanagerService(clients);
}
