import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { startSandbox } from '../testUtils/startSandbox';
import { testArgoCdClient } from './conformance';

jest.setTimeout(120_000);

testArgoCdClient({
  create: async () => {
    const sandbox = await startSandbox();
    const name = `suite-${randomUUID().slice(0, 8)}`;
    const created = await request(
      `${sandbox.url}/gitea/api/v1/orgs/fernway/repos`,
      {
        method: 'POST',
        headers: {
          authorization: `token ${sandbox.token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name, private: false }),
      },
    );
    expect([created.statusCode, await created.body.text()]).toEqual([
      201,
      expect.any(String),
    ]);
    const repositoryUrl = `${sandbox.url}/gitea/fernway/${name}.git`;
    return {
      url: `${sandbox.url}/argocd`,
      token: sandbox.token,
      repositoryUrl,
      pushUrl: repositoryUrl.replace('://', `://waystone:${sandbox.token}@`),
      close: () => sandbox.stop(),
    };
  },
});
