import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { renderMarkdown } from '../__testUtils__/renderMarkdown';

/**
 * What each extension is documented to do, with the HTML that it gives. Compared with mkdocs-techdocs-core 1.7.1 when
 * they were written: see the package's README for the differences that are left.
 */
const cases = z
  .array(z.object({ name: z.string(), markdown: z.string(), html: z.string() }))
  .parse(
    JSON.parse(
      fs.readFileSync(path.join(__dirname, 'markdownCases.json'), 'utf8'),
    ),
  );

describe('Markdown', () => {
  it.each(cases)('$name', ({ markdown, html }) => {
    expect(renderMarkdown(markdown).html).toBe(html);
  });
});
