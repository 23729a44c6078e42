import type { components } from '@octokit/openapi-types';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import { GitHubForge } from './GitHubForge';

/** As GitHub's own types have it: an answer that is no job does not compile. */
const job = {
  id: 399444496,
  run_id: 29679449,
  run_url: 'https://api.github.com/repos/acme/shop/actions/runs/29679449',
  node_id: 'x',
  head_sha: '5'.repeat(40),
  url: 'https://api.github.com/repos/acme/shop/actions/jobs/399444496',
  html_url: 'https://github.example.com/acme/shop/actions/runs/29679449/job/1',
  status: 'completed',
  conclusion: 'failure',
  created_at: '2026-03-01T10:00:00Z',
  started_at: '2026-03-01T10:00:05Z',
  completed_at: '2026-03-01T10:01:05Z',
  name: 'build',
  steps: [
    {
      name: 'Set up job',
      status: 'completed',
      conclusion: 'success',
      number: 1,
      started_at: '2026-03-01T10:00:05Z',
      completed_at: '2026-03-01T10:00:08Z',
    },
    {
      name: 'Test',
      status: 'in_progress',
      conclusion: null,
      number: 2,
    },
  ],
  check_run_url: 'x',
  labels: [],
  runner_id: null,
  runner_name: null,
  runner_group_id: null,
  runner_group_name: null,
  workflow_name: 'CI',
  head_branch: 'main',
} satisfies components['schemas']['job'];

describe('the jobs of a run on GitHub', () => {
  let server: ScriptedServer;
  let forge: GitHubForge;

  beforeAll(async () => {
    server = await ScriptedServer.start(({ url }) =>
      url === '/api/v3/repos/acme/shop/actions/runs/29679449/jobs?per_page=100'
        ? { body: { total_count: 1, jobs: [job] } }
        : { status: 404, body: { message: 'Not Found' } },
    );
    forge = new GitHubForge({
      config: {
        host: 'github.example.com',
        apiBaseUrl: `${server.url}/api/v3`,
      },
      credentials: {
        getCredentials: async () => ({
          type: 'token',
          token: 'token',
          headers: { Authorization: 'Bearer token' },
        }),
      },
    });
  });

  afterAll(async () => {
    await forge.close();
    await server.stop();
  });

  it('are read with their steps', async () => {
    expect(
      await forge.listWorkflowJobs({ owner: 'acme', name: 'shop' }, 29679449),
    ).toEqual([
      {
        id: 399444496,
        name: 'build',
        status: 'completed',
        conclusion: 'failure',
        startedAt: '2026-03-01T10:00:05Z',
        completedAt: '2026-03-01T10:01:05Z',
        url: 'https://github.example.com/acme/shop/actions/runs/29679449/job/1',
        steps: [
          {
            name: 'Set up job',
            status: 'completed',
            conclusion: 'success',
            startedAt: '2026-03-01T10:00:05Z',
            completedAt: '2026-03-01T10:00:08Z',
          },
          { name: 'Test', status: 'running' },
        ],
      },
    ]);
    await expect(
      forge.listWorkflowJobs({ owner: 'acme', name: 'shop' }, 1),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
