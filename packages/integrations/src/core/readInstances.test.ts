import { ConfigReader } from '@backstage/config';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { generate } from 'selfsigned';
import { readInstances } from './readInstances';

const KEY = 'waystone.integrations.thing';

describe('readInstances', () => {
  const folder = createMockDirectory();
  let ca: string;

  beforeAll(async () => {
    ({ cert: ca } = await generate());
    folder.setContent({ 'ca.pem': ca, 'wrong.pem': 'nonsense' });
  });

  const read = (...instances: object[]) =>
    readInstances(
      new ConfigReader({
        waystone: { integrations: { thing: { instances } } },
      }),
      KEY,
    );

  it('reads what every instance has, and leaves the rest to the client', () => {
    expect(readInstances(new ConfigReader({}), KEY)).toEqual([]);
    const [main, other] = read(
      {
        name: 'main',
        url: 'https://thing.example.com/api/',
        tls: { caFile: folder.resolve('ca.pem'), serverName: 'thing' },
        headers: { 'X-Scope-OrgID': 'waystone' },
        token: 'a-token',
      },
      { name: 'other-2', url: 'http://localhost:9090', tls: { ca } },
    );
    expect(main).toMatchObject({
      name: 'main',
      url: 'https://thing.example.com/api',
      tls: { ca, serverName: 'thing' },
      headers: { 'X-Scope-OrgID': 'waystone' },
    });
    expect(main.config.getString('token')).toBe('a-token');
    expect(other).toMatchObject({
      name: 'other-2',
      url: 'http://localhost:9090',
      tls: { ca },
    });
    expect(other.headers).toBeUndefined();
  });

  it('names the key of what is wrong, and no secrets', () => {
    const main = { name: 'main', url: 'https://thing.example.com' };
    for (const [instance, message] of [
      [{ ...main, name: 'Main One' }, `${KEY}.instances[0].name': 'Main One'`],
      [{ name: 'main' }, `${KEY}.instances[0].url'`],
      [{ ...main, url: 'thing.example.com' }, `${KEY}.instances[0].url'`],
      [
        { ...main, url: 'https://me:secret@thing.example.com' },
        `${KEY}.instances[0].url': its URL must not hold a user name`,
      ],
      [{ ...main, tls: { ca: 'secret' } }, `${KEY}.instances[0].tls.ca'`],
      [
        { ...main, tls: { caFile: folder.resolve('wrong.pem') } },
        `${KEY}.instances[0].tls.caFile'`,
      ],
      [
        { ...main, tls: { caFile: folder.resolve('none.pem') } },
        `${KEY}.instances[0].tls.caFile': cannot read`,
      ],
      [
        { ...main, tls: { keyFile: folder.resolve('ca.pem') } },
        `'certificateFile' and 'keyFile' need each other`,
      ],
      [
        { ...main, headers: { 'X-Token': 'secret\nX-Other: 1' } },
        `${KEY}.instances[0].headers': 'X-Token'`,
      ],
    ] as const) {
      expect(() => read(instance)).toThrow(message);
      expect(() => read(instance)).not.toThrow('secret');
    }
    expect(() => read(main, main)).toThrow(
      `${KEY}.instances': the name 'main' is there twice`,
    );
  });
});
