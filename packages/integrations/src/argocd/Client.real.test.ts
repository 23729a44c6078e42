import { testArgoCdClient } from './conformance';

jest.setTimeout(180_000);

const {
  WAYSTONE_TEST_ARGOCD_URL: url,
  WAYSTONE_TEST_ARGOCD_TOKEN: token,
  // Empty, reached by Argo CD and by this process, and writable for this process
  WAYSTONE_TEST_ARGOCD_REPOSITORY: repositoryUrl,
} = process.env;

if (url && token && repositoryUrl) {
  testArgoCdClient({
    create: async () => ({ url, token, repositoryUrl, pushUrl: repositoryUrl }),
  });
} else {
  // eslint-disable-next-line jest/no-disabled-tests, jest/expect-expect
  it.skip('runs on a real Argo CD (skipped: WAYSTONE_TEST_ARGOCD_URL, _TOKEN and _REPOSITORY are not set)', () => {});
}
