import { changeFile } from '../fixtures/changeFile';
import { expect, people, test } from '../fixtures/test';

const TOKEN = process.env.WAYSTONE_E2E_SANDBOX_TOKEN ?? '';
const DOCS = '/docs/default/component/order-service';
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

    await portal.open('/');
    await page
      .getByRole('link', { name: /order-service: .*say.* of its docs/ })
      .first()
      .click();
    await expect(page).toHaveURL(feedback);
    await page.goBack();
    await portal.open(`${DOCS}/runbook`);

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

test.describe('an author', () => {
  test.use({ person: people.developer });

  test('sees what is pushed within seconds, and a broken link with its line', async ({
    apiOf,
    baseURL,
    browser,
    page,
    portal,
    sandboxUrl,
    sessionOf,
  }) => {
    test.skip(
      !TOKEN,
      'WAYSTONE_E2E_SANDBOX_TOKEN is not set: nothing can be pushed',
    );
    test.setTimeout(180_000);
    const api = await apiOf(people.developer);
    // The forge tells the portal of the push
    const push = (edit: (text: string) => string) =>
      changeFile({
        sandboxUrl,
        token: TOKEN,
        repository: 'fernway/order-service',
        path: 'docs/runbook.md',
        edit,
      });
    const problems = async () => {
      const response = await api.get(
        '/api/techdocs/native/builds/default/component/order-service',
      );
      expect(response.ok(), await response.text()).toBe(true);
      const build = await response.json();
      return build.state === 'built' ? build.problemCount : build.error;
    };
    const rebuilt = { timeout: 20_000, intervals: [500] };
    // Seen by a reader before, so that a build is there
    await portal.open(`${DOCS}/runbook`);
    await expect.poll(problems, { timeout: 60_000 }).toBe(0);

    const added = `\n## At night\n\nSee [the night shift](night-shift.md), ${Date.now()}.\n`;
    let line = 0;
    await push(text => {
      line = `${text.trimEnd()}\n${added}`.trimEnd().split('\n').length;
      return `${text.trimEnd()}\n${added}`;
    });
    try {
      await expect.poll(problems, rebuilt).toBe(1);
      await portal.open(`${DOCS}/runbook`);
      await expect(
        page.getByRole('heading', { level: 2, name: /At night/ }),
      ).toBeVisible();
      await expect(page.getByText(/^Updated .* by /)).toBeVisible();
      await expect(
        page.getByText('1 thing to fix in these docs'),
      ).toBeVisible();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await expect(
        page.getByText(`docs/runbook.md:${line}`, { exact: true }),
      ).toBeVisible();
      await expect(
        page
          .getByRole('listitem')
          .filter({ hasText: 'night-shift.md' })
          .first(),
      ).toBeVisible();
      await portal.check('broken-link');

      const { state } = await sessionOf(people.lead);
      const other = await browser.newContext({ baseURL, storageState: state });
      const otherPage = await other.newPage();
      await otherPage.goto(`${DOCS}/runbook`);
      await expect(
        otherPage.getByRole('heading', { level: 2, name: /At night/ }),
      ).toBeVisible({ timeout: 20_000 });
      await expect(otherPage.getByText(/^Updated .* by /)).toBeVisible();
      await expect(otherPage.getByText(/things? to fix/)).toBeHidden();
      await other.close();
    } finally {
      await push(text => text.replace(/\n+## At night[\s\S]*$/, '\n'));
    }
    await expect.poll(problems, rebuilt).toBe(0);
    await portal.open(`${DOCS}/runbook`);
    await expect(
      page.getByRole('heading', { level: 1, name: /Runbook/ }),
    ).toBeVisible();
    await expect(
      page.getByRole('heading', { level: 2, name: /At night/ }),
    ).toBeHidden();
    await expect(page.getByText(/things? to fix/)).toBeHidden();
  });
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test.describe(`in the dark, ${viewport.width} wide`, () => {
    test.use({ person: people.developer, colorScheme: 'dark', viewport });

    test('tabs, a diagram, and keys from page to page', async ({
      page,
      portal,
    }) => {
      await portal.open(`${DOCS}/api-guide`);
      const java = page.getByText('Java (java-service-kit)', { exact: true });
      await java.click();
      await expect(
        page.getByText(/IdempotencyKey\.random/).first(),
      ).toBeVisible();
      await portal.check('tabs');

      await portal.open(`${DOCS}/architecture`);
      const diagram = page.locator('pre.mermaid [role="img"] svg').first();
      await expect(diagram).toBeVisible({ timeout: 30_000 });
      // Words of a diagram are light on dark, as the page is
      const lightness = await diagram
        .locator('.nodeLabel, text')
        .first()
        .evaluate(element => {
          const { color, fill } = getComputedStyle(element);
          const used = element.tagName === 'text' ? fill : color;
          const [red, green, blue] = used.match(/\d+(\.\d+)?/g)!.map(Number);
          return (red + green + blue) / 3;
        });
      expect(lightness).toBeGreaterThan(150);
      await portal.check('diagram');

      await page.keyboard.press('n');
      await expect(
        page.getByRole('heading', { level: 1, name: /Data model/ }),
      ).toBeVisible();
      await page.keyboard.press('p');
      await expect(
        page.getByRole('heading', { level: 1, name: /Architecture/ }),
      ).toBeVisible();
    });
  });
}
