import { expect, people, test } from '../fixtures/test';

for (const { name, reason } of [
  { name: 'Unverified e-mail', reason: /e-?mail/i },
  { name: 'Unknown person', reason: /catalog/i },
]) {
  test(`is refused in words: ${name}`, async ({ page, portal, sandboxUrl }) => {
    await page.goto('/catalog');
    await portal.signInButton.click();
    await page.waitForURL(`${sandboxUrl}/**`);
    await page.getByText(/^For tests/).click();
    await page.getByRole('button', { name }).click();

    const card = page.getByRole('main');
    await expect(card).toContainText('You could not be signed in');
    await expect(card).toContainText(reason);
    // Nothing of how the portal is made, and no unreadable code.
    await expect(card).not.toContainText(/\bat \w+ \(|node_modules|\{"|%20/);
    await portal.check(name.toLowerCase().replace(/\W+/g, '-'));

    await portal.signIn(people.developer);
    await expect(page).toHaveURL(/\/catalog\b/);
  });
}

test.describe('without the policies of the sandbox’s page', () => {
  // Chromium also stops such a redirect for the form-action of the sandbox; other identity providers have none.
  test.use({ bypassCSP: true });

  test('nobody is sent to a foreign address by signing in', async ({
    messages,
    page,
    portal,
    baseURL,
  }) => {
    messages.expect({ text: /status of 400/, url: /\/api\/auth\/oidc\/start/ });
    const visited: string[] = [];
    page.on('request', request => {
      if (/\bevil\.example$/.test(new URL(request.url()).hostname)) {
        visited.push(request.url());
      }
    });
    for (const target of [
      'https://evil.example/',
      '//evil.example/',
      `${baseURL}@evil.example/`,
      `${baseURL}.evil.example/`,
    ]) {
      const response = await page.goto(
        `/api/auth/oidc/start?env=sandbox&scope=openid&flow=redirect&redirectUrl=${encodeURIComponent(
          target,
        )}`,
      );
      if (response?.status() !== 400) {
        await portal.choose(people.developer);
        await expect
          .poll(() => visited.length > 0 || page.url().startsWith(baseURL!))
          .toBe(true);
      }
      expect(visited, `Redirect to ${target}`).toEqual([]);
    }
  });
});
