import { startSandbox } from '../testUtils/startSandbox';
import { testAlertmanagerClient } from './conformance';

/** Names a real Alertmanager that may be sent alerts. */
const { WAYSTONE_TEST_ALERTMANAGER_URL } = process.env;

jest.setTimeout(60_000);

describe('the sandbox', () => {
  testAlertmanagerClient({
    create: async () => {
      const sandbox = await startSandbox();
      return {
        url: `${sandbox.url}/alertmanager`,
        token: sandbox.token,
        close: () => sandbox.stop(),
      };
    },
  });
});

if (WAYSTONE_TEST_ALERTMANAGER_URL) {
  describe('the real server', () => {
    testAlertmanagerClient({
      create: async () => ({ url: WAYSTONE_TEST_ALERTMANAGER_URL }),
    });
  });
}
