import { expect, people, test } from '../fixtures/test';

const feedback = '/docs-feedback/default/component/order-service';

test.describe('a reader', () => {
  test.use({ person: people.developer });

  test('finds docs by what the address says, and a section by its words', async ({
    page,
    portal,
  }) => {
    await portal.open('/docs?view=mine&sort=title');
    const list = page.getByRole('table', { name: 'Docs' });
    await expect(
      list.getByRole('link', { name: 'order-service', exact: true }),
    ).toBeVisible();
    await expect(
      list.getByRole('link', { name: 'shop-web', exact: true }),
    ).toBeHidden();

    await page.getByRole('link', { name: 'Recently changed' }).click();
    await expect(page).toHaveURL(/view=changed/);
    await expect(
      list.getByRole('link', { name: 'shop-web', exact: true }),
    ).toBeVisible();

    await page.keyboard.press('/');
    await page.keyboard.type('order states');
    await expect(page).toHaveURL(/q=order/);
    const sections = page.getByRole('region', { name: 'Sections that match' });
    // The index follows the first builds
    await expect(async () => {
      await page.reload();
      await expect(
        sections.getByRole('link', { name: /states/i }).first(),
      ).toBeVisible();
    }).toPass({ timeout: 60_000 });
    await portal.check('search');
    await sections
      .getByRole('link', { name: /states/i })
      .first()
      .click();
    await expect(page).toHaveURL(/\/docs\/default\/component\/.+states/);
  });

  test('does not read what others say of the docs of another team', async ({
    page,
    portal,
    messages,
  }) => {
    messages.expect({ text: /status of 403/, url: /\/native\/feedback\// });
    await portal.open('/docs-feedback/default/component/shop-web');
    await expect(
      page.getByText('Only the owners of these docs may read'),
    ).toBeVisible();
    await portal.check('denied');
  });
});

test.describe('feedback', () => {
  test.use({ person: people.developer });

  test('of a reader is read and dealt with by an owner', async ({
    page,
    portal,
  }) => {
    const comment = `The steps are out of order (${Date.now()})`;
    await portal.open('/docs/default/component/order-service/runbook');
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByRole('textbox', { name: /What is missing/ }).fill(comment);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText('Thank you.')).toBeVisible();

    // Maya is of the team that owns it
    await page
      .getByRole('link', { name: 'What readers say of these docs' })
      .click();
    await expect(page).toHaveURL(feedback);
    const opinion = page.getByRole('listitem').filter({ hasText: comment });
    await expect(opinion).toBeVisible();
    await portal.check('feedback');
    await opinion.getByRole('button', { name: 'Mark as dealt with' }).click();
    await expect(opinion).toBeHidden();
    await portal.open(`${feedback}?state=handled`);
    await expect(opinion).toContainText('Dealt with');
  });
});
