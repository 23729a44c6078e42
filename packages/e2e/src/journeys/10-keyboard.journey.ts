import type { Page } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

const person = people.developer;
test.use({ person });

/** The words of what has the focus, and whether it shows. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      name: (element.getAttribute('aria-label') ?? element.innerText)
        .replace(/\s+/g, ' ')
        .trim(),
      shown:
        (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') ||
        style.boxShadow !== 'none',
      visible:
        box.width > 1 &&
        box.height > 1 &&
        box.bottom > 0 &&
        box.top < window.innerHeight,
    };
  });

test('the skip link leads past the navigation', async ({ page, portal }) => {
  await portal.open('/');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await portal.screenshot('skip-link');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(
    page.getByRole('link', { name: 'Start something new' }),
  ).toBeFocused();
});

test('the search box opens and closes by keys', async ({ page, portal }) => {
  await portal.open('/');
  await page.keyboard.press('Control+k');
  const box = page.getByRole('dialog');
  await expect(box).toBeVisible();
  await expect(box.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();

  const button = page.getByRole('button', { name: 'Search Ctrl K' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(box).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(button).toBeFocused();
});

test('the navigation is reached in order, with the focus to be seen', async ({
  page,
  portal,
}) => {
  await portal.open('/');
  const seen: Array<Awaited<ReturnType<typeof focused>>> = [];
  while (seen.length < 20 && !seen.at(-1)?.name.startsWith('Account of')) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
  }
  expect(seen.map(({ name }) => name)).toEqual([
    'Skip to content',
    expect.stringContaining('Waystone'),
    expect.stringContaining('Search'),
    'Home',
    'Catalog',
    'APIs',
    'Docs',
    'Catalog problems',
    'Unowned',
    'Create',
    'Infrastructure',
    'Register',
    'Delivery',
    'Governance',
    'Observability',
    expect.stringContaining('Notifications'),
    `Account of ${person.name}`,
  ]);
  expect(seen.filter(({ shown, visible }) => !shown || !visible)).toEqual([]);
  await portal.screenshot('focus-on-the-account');

  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(portal.account(person)).toBeFocused();
});
