import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { FakeForge } from '../testUtils/FakeForge';
import { locateOnForge } from './ForgeLocation';
import { readProposer } from './readProposer';

describe('locateOnForge', () => {
  const locate = (key: string | null) =>
    locateOnForge(new FakeForge({}).service, key);
  const BASE = 'url:https://git.example/fernway/shop';

  it.each([
    [`${BASE}/src/branch/main/catalog-info.yaml`, 'main', 'catalog-info.yaml'],
    [`${BASE}/src/branch/main/a/b%20c.yaml`, 'main', 'a/b c.yaml'],
    [`${BASE}/src/branch/other/x.yaml`, 'other', 'x.yaml'],
    [`${BASE}/src/branch/HEAD/x.yaml`, 'main', 'x.yaml'],
  ])('finds the file of %s', async (key, branch, path) => {
    expect(await locate(key)).toMatchObject({
      repository: { owner: 'fernway', name: 'shop' },
      branch,
      path,
    });
  });

  it.each([
    [null, 'It comes from no file.'],
    ['bootstrap:bootstrap', 'It comes from no file.'],
    ['file:/etc/passwd', 'on the disk of the portal'],
    ['url:http://169.254.169.254/latest/meta-data', 'no Git server'],
    ['url:http://localhost:5432/', 'no Git server'],
    ['url:https://git.example.evil.com/fernway/shop/x', 'no Git server'],
    [`${BASE}/src/branch/main`, 'names no file'],
    [`${BASE}/src/commit/abc/catalog-info.yaml`, 'names no file'],
    [BASE, 'names no file'],
  ])('says why there is none for %s', async (key, reason) => {
    expect(await locate(key)).toEqual({
      reason: expect.stringContaining(reason),
    });
  });
});

describe('readProposer', () => {
  it('makes trailers that no name can add to', async () => {
    const proposer = await readProposer(mockCredentials.user(), {
      catalog: catalogServiceMock({
        entities: [
          {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'User',
            metadata: { name: 'maya', namespace: 'default' },
            spec: {
              profile: {
                displayName: 'Maya\nReviewed-by: Root <root@example.com>',
                email: 'maya@example.com>',
              },
            },
          },
        ],
      }),
      userInfo: mockServices.userInfo({ userEntityRef: 'user:default/maya' }),
    });
    expect(proposer.trailers).toBe(
      'Co-authored-by: Maya Reviewed-by: Root root@example.com <maya@example.com>\nOn-behalf-of: user:default/maya',
    );
  });

  it('knows people by their ref where the catalog does not know them', async () => {
    const proposer = await readProposer(mockCredentials.user(), {
      catalog: catalogServiceMock(),
      userInfo: mockServices.userInfo({ userEntityRef: 'user:default/maya' }),
    });
    expect(proposer).toEqual({
      entityRef: 'user:default/maya',
      name: 'user:default/maya',
      trailers: 'On-behalf-of: user:default/maya',
    });
  });
});
