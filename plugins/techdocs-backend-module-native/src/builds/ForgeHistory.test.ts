import { mockServices } from '@backstage/backend-test-utils';
import type { ForgeService, GitForge } from '@waystone/integrations';
import { ForgeHistory } from './ForgeHistory';

function historyOf(listCommits: GitForge['listCommits']) {
  const repository = { owner: 'fernway', name: 'orders' };
  const forge = { listCommits } as GitForge;
  const forges: ForgeService = {
    forges: [forge],
    forUrl: url => {
      if (!url.includes('forge.example')) throw new Error('no such forge');
      return { forge, repository };
    },
    get: () => forge,
  };
  return new ForgeHistory({ forges, logger: mockServices.logger.mock() });
}

describe('ForgeHistory', () => {
  it.each([
    ['src/branch/main/', 'main', 'docs/a.md'],
    [
      'src/branch/main/services/my%20orders/',
      'main',
      'services/my orders/docs/a.md',
    ],
    ['tree/v1/x', 'v1', 'x/docs/a.md'],
    ['', undefined, 'docs/a.md'],
  ])('asks for the file of a folder: %s', async (place, ref, path) => {
    const listCommits = jest.fn(async () => [
      {
        sha: 'a',
        message: 'Docs',
        author: { name: 'Maya Okafor', email: 'maya@fernway.example' },
        authoredAt: '2026-01-02T03:04:05+01:00',
        committedAt: '2026-01-03T03:04:05Z',
        parents: [],
        url: 'https://forge.example',
      },
    ]);
    expect(
      await historyOf(listCommits).lastChange(
        `https://forge.example/fernway/orders/${place}`,
        'docs/a.md',
      ),
    ).toEqual({
      updatedAt: '2026-01-02T02:04:05.000Z',
      updatedBy: 'Maya Okafor',
    });
    expect(listCommits).toHaveBeenCalledWith(
      { owner: 'fernway', name: 'orders' },
      expect.objectContaining({ ref, path, limit: 1 }),
    );
  });

  it('knows nothing when the forge does not', async () => {
    const none = historyOf(async () => []);
    const broken = historyOf(() => Promise.reject(new Error('down')));
    const url = 'https://forge.example/fernway/orders';
    expect(await none.lastChange(url, 'a.md')).toBeUndefined();
    expect(await broken.lastChange(url, 'a.md')).toBeUndefined();
    expect(
      await none.lastChange('https://elsewhere.example/a/b', 'a.md'),
    ).toBeUndefined();
  });
});
