import { ORGANISATION } from '../testUtils/organisation';
import { renderLoginPage } from './loginPage';
import { parsePeople } from './people';

const people = parsePeople(ORGANISATION, 'org.yaml');
const action = '/oidc/interaction/uid';

describe('renderLoginPage', () => {
  it('offers everybody, the featured first, and escapes what it shows', () => {
    const page = renderLoginPage({ people, action });

    expect(page).toContain(
      '<title>Sign in to Waystone · Waystone sandbox</title>',
    );
    expect([...page.matchAll(/value="(.*?)"/g)].map(([, ref]) => ref)).toEqual([
      'user:default/maya.okafor',
      'user:default/tomas.herrera',
      'user:default/zoe.adams',
    ]);
    expect(page).toContain('Everyone else (1)');
    expect(page).toContain('Zoë &lt;Adams&gt;');
    expect(page).not.toContain('<Adams>');
    expect(page).not.toContain('For tests');
    expect(page).not.toContain('autofocus');
    expect(page).not.toContain('<script');
  });

  it.each(['zoe.adams', 'ZOE.adams@example.com', 'user:default/zoe.adams'])(
    'focuses the person of the hint %s and opens the list she is in',
    hint => {
      const page = renderLoginPage({ people, action, hint });

      expect(page).toMatch(/value="user:default\/zoe.adams"\s+autofocus/);
      expect(page).toMatch(/<details\s+open\s*>/);
    },
  );
});
