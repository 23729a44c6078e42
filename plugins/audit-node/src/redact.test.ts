import { findEntityRefs } from './findEntityRefs';
import { redactMeta } from './redactMeta';
import { redactText } from './redactText';

const JWT =
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

describe('redactText', () => {
  it.each([
    [`Refused ${JWT}`],
    ['authorization: Bearer abcdefgh12345678'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
    ['hvs.CAESIJlWh7abcdefghijklmnop'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123'],
    ['glpat-abcdefghijklmnopqrst'],
    ['postgres://orders:hunter2hunter2@db:5432/orders'],
    ['/api/x?a=1&access_token=hunter2hunter2&b=2'],
    ['host=db password=hunter2hunter2 user=me'],
  ])('should take the secret out of %s', text => {
    const clean = redactText(text);
    expect(clean).toContain('***');
    for (const secret of [JWT, 'abcdefgh', 'MIIEow', 'hunter2', 'CAESI']) {
      expect(clean).not.toContain(secret);
    }
  });

  it('should keep what is no secret, and where a secret was', () => {
    expect(redactText('request-approve of component:default/orders')).toBe(
      'request-approve of component:default/orders',
    );
    expect(redactText('postgres://orders:hunter2@db/orders')).toBe(
      'postgres://orders:***@db/orders',
    );
  });

  it('should leave nothing that the database would refuse', () => {
    expect(redactText('a\u0000b\ud800c')).toBe('ab\ufffdc');
  });
});

describe('redactMeta', () => {
  it('should leave out values by their key, at any depth', () => {
    expect(
      redactMeta({
        password: 'a',
        clientSecret: { nested: 'b' },
        list: [{ API_KEY: 'c' }, { 'private-key': ['d'] }],
        accessToken: 42,
        secretName: 'orders-db',
        keys: ['password', 'host'],
        tokenCount: 3,
      }),
    ).toEqual({
      password: '***',
      clientSecret: '***',
      list: [{ API_KEY: '***' }, { 'private-key': '***' }],
      accessToken: '***',
      secretName: 'orders-db',
      keys: ['password', 'host'],
      tokenCount: 3,
    });
  });

  it('should bound what is long, deep, circular or no JSON', () => {
    const circular: Record<string, unknown> = { big: BigInt(7), nan: NaN };
    circular.self = circular;
    let deep: object = { end: true };
    for (let level = 0; level < 1000; level++) {
      deep = { deep };
    }
    const meta = redactMeta({
      circular,
      deep,
      many: Array.from({ length: 10_000 }, (_, index) => index),
      ...Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [
          `text${index}`,
          'x'.repeat(100_000),
        ]),
      ),
    });
    expect(JSON.stringify(meta).length).toBeLessThan(12_000);
    expect(meta.circular).toEqual({ big: '7', nan: 'NaN', self: '…' });
    expect(meta.truncated).toMatch(/characters/);
  });

  it('should not show half of a secret that a cut went through', () => {
    const text = `${'x'.repeat(990)} ${JWT}`;
    expect(JSON.stringify(redactMeta({ text }))).not.toContain('eyJ');
  });
});

describe('findEntityRefs', () => {
  it('should find whole values at any depth, once', () => {
    expect(
      findEntityRefs({
        entityRef: 'Component:default/Orders',
        more: ['component:default/orders', { owner: 'group:default/shop' }],
        words: 'about component:default/payments',
      }),
    ).toEqual(['component:default/orders', 'group:default/shop']);
  });

  it('should take an event about very many for one about none', () => {
    expect(
      findEntityRefs(
        Array.from({ length: 21 }, (_, index) => `api:default/a${index}`),
      ),
    ).toEqual([]);
  });
});
