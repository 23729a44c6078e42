import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('docs are read: pages, links, anchors, a diagram, edit link, keys, feedback', async ({
  page,
  portal,
}) => {
  await portal.open('/docs');
  await expect(
    page.getByRole('link', { name: 'shop-web', exact: true }),
  ).toBeVisible();
  await portal.check('docs');

  await page.getByRole('link', { name: 'order-service', exact: true }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: /order-service/i }).last(),
  ).toBeVisible();
  await portal.settled();
  await portal.check('start-page');

  const navigation = page.getByRole('navigation', { name: 'Navigation' });
  await navigation.getByRole('link', { name: 'Architecture' }).click();
  await expect(page).toHaveURL(
    /\/docs\/default\/component\/order-service\/architecture/,
  );
  await expect(
    page.getByRole('heading', { level: 1, name: /Architecture/ }),
  ).toBeVisible();
  // Drawn in the page, without anything from elsewhere
  await expect(
    page.locator('pre.mermaid [role="img"] svg').first(),
  ).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByTitle('Edit this page')).toHaveAttribute(
    'href',
    /docs\/architecture\.md$/,
  );
  await page
    .getByRole('navigation', { name: 'Table of contents' })
    .getByRole('link', { name: 'Order states' })
    .click();
  await expect(page).toHaveURL(/#order-states$/);

  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toContainText('Next page');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await page.keyboard.press('n');
  await expect(
    page.getByRole('heading', { level: 1, name: /Data model/ }),
  ).toBeVisible();
  await page.keyboard.press('p');
  await expect(
    page.getByRole('heading', { level: 1, name: /Architecture/ }),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Yes', exact: true }).click();
  await expect(page.getByText('Thank you.')).toBeVisible();
});

test('docs are on the page of their service, with their age', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog/default/component/order-service/docs/runbook');
  await expect(
    page.getByRole('heading', { level: 1, name: /Runbook/ }),
  ).toBeVisible();
  await expect(page.getByText(/^(Changed|Updated)/)).toBeVisible();
  await portal.check('docs-tab');
});
