import type { GitForge, WorkflowRun } from '@waystone/integrations';
import { ForgeCiProvider } from './ForgeCiProvider';

const REPOSITORY = { owner: 'shop', name: 'orders' };

describe('ForgeCiProvider', () => {
  const forge = {
    system: 'gitea',
    instance: 'git.example.com',
    parseUrl: (url: string) =>
      url.startsWith('https://git.example.com/') ? REPOSITORY : undefined,
    listWorkflowRuns: jest.fn(),
    listWorkflowJobs: jest.fn(),
  };
  const provider = ForgeCiProvider.create({
    forge: forge as unknown as GitForge,
  });
  const options = { signal: new AbortController().signal };

  it.each([
    ['queued', undefined, 'queued'],
    ['running', undefined, 'running'],
    ['completed', 'success', 'succeeded'],
    ['completed', 'timed_out', 'failed'],
    ['completed', 'cancelled', 'cancelled'],
    ['completed', 'skipped', 'skipped'],
    ['completed', undefined, 'failed'],
  ] as const)(
    'takes %s and %s for %s',
    async (status, conclusion, expected) => {
      forge.listWorkflowRuns.mockResolvedValue([
        {
          id: 7,
          number: 3,
          title: 'Add x',
          workflow: 'ci.yaml',
          event: 'push',
          sha: 'c1',
          status,
          conclusion,
          url: 'https://git.example.com/x',
        } satisfies WorkflowRun,
      ]);
      expect(
        await provider.runs('https://git.example.com/shop/orders', {
          limit: 5,
          ...options,
        }),
      ).toMatchObject([{ id: '7', revision: 'c1', status: expected }]);
    },
  );

  it('knows its own repositories and runs only', async () => {
    expect(provider.covers('https://elsewhere.example/shop/orders')).toBe(
      false,
    );
    await expect(
      provider.jobs('https://elsewhere.example/x', '1', options),
    ).rejects.toThrow('does not have this repository');
    await expect(
      provider.jobs('https://git.example.com/x', '../../1', options),
    ).rejects.toThrow('There is no run');
    expect(forge.listWorkflowJobs).not.toHaveBeenCalled();
  });
});
