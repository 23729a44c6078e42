import { ConfigReader } from '@backstage/config';
import { classifyAddress, OutboundPolicy } from './OutboundPolicy';

describe('classifyAddress', () => {
  it.each([
    [
      'public',
      ['8.8.8.8', '140.82.121.3', '2606:4700::1111', '64:ff9b::808:808'],
    ],
    [
      'private',
      [
        '127.0.0.1',
        '127.255.255.254',
        '10.1.2.3',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '100.64.1.1',
        '100.100.100.200', // Alibaba's metadata
        '::1',
        'fd00:ec2::254', // AWS' metadata over IPv6
        'fc00::1',
        '::ffff:127.0.0.1',
        '::ffff:7f00:1',
        '::127.0.0.1',
        '64:ff9b::7f00:1',
        '64:ff9b::10.0.0.1',
      ],
    ],
    [
      'forbidden',
      [
        '169.254.169.254',
        '::ffff:169.254.169.254',
        '64:ff9b::a9fe:a9fe',
        'fe80::1',
        'fe80::1%eth0',
        'fec0::1',
        '168.63.129.16', // Azure's wire server
        '192.0.0.192', // Oracle's metadata
        '0.0.0.0',
        '0.1.2.3',
        '255.255.255.255',
        '224.0.0.1',
        '240.0.0.1',
        '198.18.0.1',
        '203.0.113.1',
        'ff02::1',
        '::',
        '2001:db8::1',
        '2002:7f00:1::', // 6to4
        '2001::1', // Teredo
        '100::1',
        '4000::1',
        '',
        'localhost',
      ],
    ],
  ])('should know %s addresses', (kind, addresses) => {
    for (const address of addresses) {
      expect([address, classifyAddress(address)]).toEqual([address, kind]);
    }
  });
});

describe('OutboundPolicy', () => {
  const policyFor = (allowPrivate: string[]) =>
    OutboundPolicy.fromConfig(
      new ConfigReader({ waystone: { outbound: { allowPrivate } } }),
    );

  it('should allow what is listed, by host and port', () => {
    const policy = policyFor([
      'git.corp.example',
      'Forge.corp.example:3000',
      '127.0.0.1:7008',
      '[::1]:8080',
    ]);
    expect(policy.allows('git.corp.example', 443, '10.0.0.5')).toBe(true);
    expect(policy.allows('GIT.corp.example.', 443, '10.0.0.5')).toBe(true);
    expect(policy.allows('git.corp.example', 80, '10.0.0.5')).toBe(false);
    expect(policy.allows('forge.corp.example', 3000, 'fd00::5')).toBe(true);
    expect(policy.allows('forge.corp.example', 443, '10.0.0.5')).toBe(false);
    expect(policy.allows('x.git.corp.example', 443, '10.0.0.5')).toBe(false);
    expect(policy.allows('127.0.0.1', 7008, '127.0.0.1')).toBe(true);
    expect(policy.allows('::ffff:127.0.0.1', 7008, '127.0.0.1')).toBe(true);
    expect(policy.allows('127.0.0.1', 5432, '127.0.0.1')).toBe(false);
    expect(policy.allows('[::1]', 8080, '::1')).toBe(true);
    // An allowed name that suddenly points to the metadata service
    expect(policy.allows('git.corp.example', 443, '169.254.169.254')).toBe(
      false,
    );
    expect(
      policyFor(['169.254.169.254:80']).allows(
        '169.254.169.254',
        80,
        '169.254.169.254',
      ),
    ).toBe(true);
  });

  it('should explain what is wrong with an entry', () => {
    for (const entry of ['https://git.corp', 'git/path', 'a b', '', 'git:x']) {
      expect(() => policyFor([entry])).toThrow(
        /waystone.outbound.allowPrivate/,
      );
    }
  });
});
