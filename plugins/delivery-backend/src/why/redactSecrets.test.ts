import { redactSecrets } from './redactSecrets';

describe('redactSecrets', () => {
  it.each([
    ['DB_PASSWORD=hunter2 and more', 'DB_PASSWORD=*** and more'],
    ['{"apiKey":"abc def","user":"jo"}', '{"apiKey":***,"user":"jo"}'],
    ["client_secret: 'a b'", 'client_secret: ***'],
    ['Authorization: Bearer abc.def', 'Authorization: ***'],
    ['sent Bearer abcdefgh1234', 'sent Bearer ***'],
    [
      'connect postgres://orders:s3cret@db:5432/orders failed',
      'connect postgres://***@db:5432/orders failed',
    ],
    ['https://token@git.example/x.git', 'https://***@git.example/x.git'],
    ['got eyJhbGciOi.eyJzdWIi.sig-nature', 'got ***'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key *** used'],
    ['ghp_0123456789abcdefghijABCDEFGHIJ', '***'],
    ['hvs.CAESIJlU0123456789abcdef', '***'],
    ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7', '***'],
  ])('hides what is secret in %s', (line, expected) => {
    expect(redactSecrets(line)).toBe(expected);
  });

  it.each([
    'Error: secret "label-printer" not found',
    "TypeError: Cannot read properties of undefined (reading 'currency')",
    '    at loadPriceRules (/app/dist/pricing/loadPriceRules.js:31:42)',
    'image r.example/shop/orders@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    'exceeded quota: compute, requested: requests.cpu=24',
  ])('leaves %s', line => {
    expect(redactSecrets(line)).toBe(line);
  });

  it('cuts long lines, and takes no longer for hostile ones', () => {
    expect(redactSecrets('x'.repeat(5000))).toHaveLength(1000);
    expect(redactSecrets('token'.repeat(200_000))).toHaveLength(1000);
  });
});
