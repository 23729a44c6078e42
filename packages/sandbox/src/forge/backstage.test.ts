import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createPublishGiteaAction } from '@backstage/plugin-scaffolder-backend-module-gitea';
import { ForgeServer, TOKEN } from './testUtils/ForgeServer';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

let server: ForgeServer;
let work: string;
let config: ConfigReader;

beforeAll(async () => {
  server = await ForgeServer.start();
  work = await mkdtemp(join(tmpdir(), 'forge-work-'));
  config = new ConfigReader({
    integrations: {
      gitea: [
        {
          host: new URL(server.origin).host,
          baseUrl: server.url,
          username: 'waystone',
          password: TOKEN,
        },
      ],
    },
  });
});

afterAll(async () => {
  await server.remove();
  await rm(work, { recursive: true, force: true });
});

describe('Backstage on the forge, with a base URL that has a path', () => {
  it('reads a file, a tree and a search through its URL reader', async () => {
    await server.forge.createRepository({
      owner: 'fernway',
      name: 'read-me',
      private: true,
    });
    const sha = await server.forge.commitFiles({
      owner: 'fernway',
      name: 'read-me',
      branch: 'main',
      message: 'Start',
      author: { name: 'Maya Okafor', email: 'maya.okafor@fernway.example' },
      files: {
        'catalog-info.yaml': 'kind: Component\n',
        'docs/index.md': '# Docs\n',
        'docs/more/deep.md': 'deep\n',
      },
    });
    const reader = UrlReaders.default({
      config,
      logger: mockServices.logger.mock(),
    });
    const root = `${server.url}/fernway/read-me/src/branch/main`;

    const file = await reader.readUrl(`${root}/catalog-info.yaml`);
    expect((await file.buffer()).toString()).toBe('kind: Component\n');
    await expect(reader.readUrl(`${root}/none.yaml`)).rejects.toMatchObject({
      name: 'NotFoundError',
    });

    const tree = await reader.readTree(`${root}/docs`);
    expect(tree.etag).toBe(sha);
    const files = await tree.files();
    expect(files.map(({ path }) => path).sort()).toEqual([
      'index.md',
      'more/deep.md',
    ]);
    await expect(
      reader.readTree(`${root}/docs`, { etag: sha }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });

    const found = await reader.search(`${root}/catalog-info.yaml`);
    expect(found.files).toHaveLength(1);
    const nothing = await reader.search(`${root}/none.yaml`);
    expect(nothing.files).toHaveLength(0);
  });

  it('publishes a workspace with its stock action', async () => {
    await writeFile(join(work, 'README.md'), '# Published\n');
    const action = createPublishGiteaAction({
      config,
      integrations: ScmIntegrations.fromConfig(config),
    });
    const output: Record<string, unknown> = {};
    await action.handler({
      workspacePath: work,
      logger: mockServices.logger.mock(),
      input: {
        repoUrl: `${new URL(server.origin).host}?owner=fernway&repo=published`,
        description: 'From a template',
        defaultBranch: 'main',
        gitAuthorName: 'Maya Okafor',
        gitAuthorEmail: 'maya.okafor@fernway.example',
      },
      output: (name: string, value: unknown) => {
        output[name] = value;
      },
      // Of the context, only what the action reads.
    } as unknown as Parameters<typeof action.handler>[0]);

    expect(output).toEqual({
      remoteUrl: `${server.url}/fernway/published.git`,
      repoContentsUrl: `${server.url}/fernway/published/src/branch/main/`,
      commitHash: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    const { body } = await server.call(
      'GET',
      '/repos/fernway/published/commits',
    );
    expect(body).toMatchObject([
      { sha: output.commitHash, commit: { author: { name: 'Maya Okafor' } } },
    ]);
    const page = await fetch(String(output.repoContentsUrl));
    expect(await page.text()).toContain('README.md');
  });
});
