import { expect, people, test } from '../fixtures/test';

const NAME = 'gift-card-service';

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('makes a service from the golden path', async ({ page, portal }) => {
    await test.step('Choose the template', async () => {
      await portal.open('/create');
      await expect(
        page.getByRole('heading', { name: 'HTTP service in TypeScript' }),
      ).toBeVisible();
      await portal.check('templates');
      await page.getByRole('button', { name: 'Choose' }).click();
    });

    const next = page.getByRole('button', { name: 'Next' });
    await test.step('A bad name is refused', async () => {
      const name = page.getByRole('textbox', { name: 'Name' });
      await name.fill('Gift Card');
      await page
        .getByRole('textbox', { name: 'What does it do?' })
        .fill('Issues gift cards and keeps their balance.');
      await next.click();
      await expect(
        page.getByText('Use lower-case words joined by hyphens').first(),
      ).toBeVisible();
      await portal.check('bad-name');
      await name.fill(NAME);
      await next.click();
    });

    await test.step('Say where it belongs', async () => {
      await page.getByRole('textbox', { name: 'Owner' }).click();
      await page.getByRole('option', { name: 'Orders' }).click();
      await page.getByRole('textbox', { name: 'System' }).click();
      await page.getByRole('option', { name: 'Ordering' }).click();
      await page.getByRole('radio', { name: /^Tier 2/ }).check();
      await portal.check('where-it-belongs');
      await page.getByRole('button', { name: 'Review' }).click();
    });

    await test.step('Review and create', async () => {
      await expect(page.getByText(NAME).first()).toBeVisible();
      await portal.check('review');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    });

    await test.step('The steps finish and the result is shown', async () => {
      await expect(page).toHaveURL(/\/create\/tasks\/[0-9a-f-]+/);
      await expect(
        page.getByRole('heading', { name: `${NAME} is ready as files` }),
      ).toBeVisible({ timeout: 30_000 });
      for (const step of [
        'Make the files',
        'List the files',
        'Show the files in the log',
      ]) {
        await expect(page.getByText(step).first()).toBeVisible();
      }
      await expect(page.getByText('src/server.ts').first()).toBeVisible();
      await portal.check('result');
    });

    await test.step('The task is listed', async () => {
      await portal.open('/create/tasks');
      const row = page.getByRole('row', { name: /HTTP service in TypeScript/ });
      await expect(row.first()).toBeVisible();
      await expect(row.first()).toContainText(/completed/i);
      await portal.check('tasks');
    });
  });
});

test.describe('an auditor', () => {
  test.use({ person: people.auditor });

  test('cannot run the golden path', async ({ apiOf, page, portal }) => {
    await portal.open('/create');
    await portal.check('templates-of-the-auditor');

    const api = await apiOf(people.auditor);
    const response = await api.post('/api/scaffolder/v2/tasks', {
      data: {
        templateRef: 'template:default/http-service',
        values: {
          name: NAME,
          description: 'Issues gift cards and keeps their balance.',
          owner: 'group:default/orders',
          system: 'system:default/ordering',
          tier: '3',
        },
      },
    });
    expect(response.status()).toBe(403);

    const choose = page.getByRole('button', { name: 'Choose' });
    if (await choose.isVisible()) {
      await portal.open('/create/templates/default/http-service');
      await expect(
        page.getByText(/not allowed|permission|denied/i).first(),
        'What is denied must be said before the form is filled',
      ).toBeVisible();
    }
  });
});
