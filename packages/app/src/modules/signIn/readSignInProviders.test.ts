import { mockApis } from '@backstage/frontend-test-utils';
import { readSignInProviders } from './readSignInProviders';

describe('readSignInProviders', () => {
  const read = (providers?: unknown) =>
    readSignInProviders(
      mockApis.config({
        data: { waystone: { signIn: { providers } } } as any,
      }),
    );

  it('should read the providers in order', () => {
    expect(
      read([
        { id: 'github', title: 'GitHub' },
        { id: 'oidc', title: 'Fernway' },
      ]).map(({ id, title }) => [id, title]),
    ).toEqual([
      ['github', 'GitHub'],
      ['oidc', 'Fernway'],
    ]);
    expect(read(undefined)).toEqual([]);
  });

  it.each(['guest', 'constructor', '__proto__'])(
    'should refuse the unknown provider %s',
    id => {
      expect(() => read([{ id, title: 'X' }])).toThrow(
        `Unknown sign-in provider '${id}' in waystone.signIn.providers; use one of oidc, github, microsoft`,
      );
    },
  );
});
