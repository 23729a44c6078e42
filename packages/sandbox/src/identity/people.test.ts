import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ORGANISATION } from '../testUtils/organisation';
import { parsePeople, readPeople } from './people';

describe('readPeople', () => {
  it('reads the example organisation, the five of the sign-in page first', () => {
    const people = readPeople(
      resolve(__dirname, '../../../../examples/org.yaml'),
    );

    expect(people.slice(0, 5).map(person => person.name)).toEqual([
      'maya.okafor',
      'priya.raman',
      'tomas.herrera',
      'ingrid.solberg',
      'david.mensah',
    ]);
    expect(people.length).toBeGreaterThan(15);
    for (const person of people) {
      expect(person.role).toBeTruthy();
      expect(person.teams).not.toEqual([]);
    }
  });

  it('adds the people of the tests only when asked', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-people-'));
    const file = join(folder, 'org.yaml');
    writeFileSync(file, ORGANISATION);
    try {
      expect(readPeople(file)).toHaveLength(3);
      expect(readPeople(file, { testPeople: true }).slice(3)).toMatchObject([
        { email: 'tomas.herrera@example.com', emailVerified: false },
        { ref: 'user:default/sandbox.unknown', emailVerified: true },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names a file that is not there', () => {
    expect(() => readPeople('/nowhere/org.yaml')).toThrow(
      "Cannot read the organisation file '/nowhere/org.yaml' (ENOENT). Point WAYSTONE_SANDBOX_ORG at a YAML file",
    );
  });
});

describe('parsePeople', () => {
  it('reads people, roles and teams', () => {
    expect(parsePeople(ORGANISATION, 'org.yaml')).toEqual([
      {
        ref: 'user:default/maya.okafor',
        name: 'maya.okafor',
        displayName: 'Maya Okafor',
        email: 'maya.okafor@example.com',
        emailVerified: true,
        role: 'Developer in Orders',
        teams: [{ ref: 'group:default/orders', title: 'Orders' }],
        place: 'featured',
      },
      expect.objectContaining({ name: 'tomas.herrera', place: 'featured' }),
      expect.objectContaining({
        name: 'zoe.adams',
        teams: [{ ref: 'group:default/orders', title: 'Orders' }],
        place: 'others',
      }),
    ]);
  });

  it.each([
    [
      'a missing field',
      ORGANISATION.replace('    email: maya.okafor@example.com\n', ''),
      'org.yaml, line 28, spec.profile.email: Invalid input: expected string, received undefined',
    ],
    [
      'a wrong value',
      ORGANISATION.replace('maya.okafor@example.com', 'maya'),
      'org.yaml, line 29, spec.profile.email: Invalid email address',
    ],
    [
      'an e-mail that two people have',
      ORGANISATION.replace('maya.okafor@example', 'Zoe.Adams@example'),
      "org.yaml, line 29, spec.profile.email: 'zoe.adams@example.com' is already taken by Zoë <Adams>",
    ],
    [
      'broken YAML',
      ORGANISATION.replace('memberOf: []', 'memberOf: ['),
      'org.yaml, line 43: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a file of something else',
      'just text',
      'org.yaml, line 1: Invalid input',
    ],
    [
      'a file without people',
      'kind: Location',
      'org.yaml holds no entity of kind User, so nobody could sign in.',
    ],
  ])('says where %s is', (_what, text, message) => {
    expect(() => parsePeople(text, 'org.yaml')).toThrow(message);
  });
});
