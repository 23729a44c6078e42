import { startSandbox } from '../testUtils/startSandbox';
import type { RunningSandbox } from '../testUtils/startSandbox';
import { testGitForge } from './conformance';
import { createTestGitea } from './testUtils';

/** The address of a Gitea, and the token of somebody who may create repositories in the organisation `fernway`. */
const { WAYSTONE_TEST_GITEA_URL, WAYSTONE_TEST_GITEA_TOKEN } = process.env;

jest.setTimeout(60_000);

describe('the sandbox', () => {
  let sandbox: RunningSandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });

  afterAll(async () => {
    await sandbox?.stop();
  });

  testGitForge({
    create: async () =>
      createTestGitea({ url: `${sandbox.url}/gitea`, token: sandbox.token }),
    owner: 'fernway',
    runsWorkflows: true,
  });
});

if (WAYSTONE_TEST_GITEA_URL && WAYSTONE_TEST_GITEA_TOKEN) {
  describe('a real Gitea', () => {
    testGitForge({
      create: async () =>
        createTestGitea({
          url: WAYSTONE_TEST_GITEA_URL,
          token: WAYSTONE_TEST_GITEA_TOKEN,
        }),
      owner: 'fernway',
      // That takes a runner.
      runsWorkflows: false,
    });
  });
}
