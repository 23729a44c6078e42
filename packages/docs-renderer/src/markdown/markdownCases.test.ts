import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { renderMarkdown } from '../__testUtils__/renderMarkdown';

/**
 * What each extension is documented to do, with the HTML that it gives. Compared with mkdocs-techdocs-core 1.7.1 when
 * they were written: see the package's README for the differences that are left.
 */
const cases = z
  .array(
    z.object({
      name: z.string(),
      markdown: z.string(),
      html: z.string(),
      /** What `markdown_extensions` of mkdocs.yml says, where it matters. */
      options: z
        .object({
          math: z.boolean(),
          permalink: z.string(),
          tocDepth: z.tuple([z.number(), z.number()]),
          baseLevel: z.number(),
          separator: z.string(),
          lineNumbers: z.boolean(),
          breaks: z.boolean(),
          critic: z.enum(['accept', 'reject']),
          slugs: z.enum(['unicode', 'unicode-cased']),
          repository: z.object({ url: z.string(), shorthand: z.boolean() }),
        })
        .partial()
        .optional(),
    }),
  )
  .parse(
    JSON.parse(
      fs.readFileSync(path.join(__dirname, 'markdownCases.json'), 'utf8'),
    ),
  );

describe('Markdown', () => {
  it.each(cases)('$name', ({ markdown, html, options }) => {
    expect(renderMarkdown(markdown, { markdown: options }).html).toBe(html);
  });
});
