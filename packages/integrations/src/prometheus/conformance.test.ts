import { startSandbox } from '../testUtils/startSandbox';
import { testPrometheusClient } from './conformance';

/** Names a real Prometheus that scrapes something, such as itself. */
const { WAYSTONE_TEST_PROMETHEUS_URL } = process.env;

jest.setTimeout(60_000);

describe('the sandbox', () => {
  testPrometheusClient({
    create: async () => {
      const sandbox = await startSandbox();
      return {
        url: `${sandbox.url}/prometheus`,
        token: sandbox.token,
        close: () => sandbox.stop(),
      };
    },
  });
});

if (WAYSTONE_TEST_PROMETHEUS_URL) {
  describe('the real server', () => {
    testPrometheusClient({
      create: async () => ({ url: WAYSTONE_TEST_PROMETHEUS_URL }),
    });
  });
}
