import { expect, people, test } from '../fixtures/test';

for (const { name, reason } of [
  { name: 'Unverified e-mail', reason: /e-?mail/i },
  { name: 'Unknown person', reason: /catalog/i },
]) {
  test(`is refused in words: ${name}`, async ({
    page,
    portal,
    sandboxUrl,
  }) => {
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

test('nobody is sent to a foreign address by signing in', async ({
  messages,
  page,
  portal,
  baseURL,
}) => {
  messages.expect({ text: /status of 400/, url: /\/api\/auth\/oidc\/start/ });
  const visited: string[] = [];
  await page.route(/evil\.example/, route => {
    visited.push(route.request().url());
    return route.fulfill({ body: 'evil' });
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
      await page.waitForLoadState();
    }
    expect(visited, `Redirect to ${target}`).toEqual([]);
  }
});
