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
    ['src/branch/main', 'main', undefined, ''],
    ['src/branch/main/a/', 'main', 'a', ''],
  ])(
    'asks for the file of a folder: %s',
    async (place, ref, path, file = 'docs/a.md') => {
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
      // Forges may be served below a path
      for (const root of [
        'https://forge.example',
        'https://forge.example/gitea',
      ]) {
        expect(
          await historyOf(listCommits).lastChange(
            `${root}/fernway/orders/${place}`,
            file,
          ),
        ).toEqual({
          updatedAt: '2026-01-02T02:04:05.000Z',
          updatedBy: 'Maya Okafor',
        });
        expect(listCommits).toHaveBeenLastCalledWith(
          { owner: 'fernway', name: 'orders' },
          expect.objectContaining({ ref, path, limit: 1 }),
        );
      }
    },
  );

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
