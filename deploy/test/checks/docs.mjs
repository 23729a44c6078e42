import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../image.mjs';

const PAGE =
  '# Start\n\n!!! note\n    Read on. :octicons-rocket-16:\n\n```js\nlet a;\n```\n';

/** Run in the image's folder: builds a site in the threads that the portal builds in. */
const BUILD = `
  const { RenderPool } = require('@waystone/docs-renderer');
  const [, root, outputDir] = process.argv;
  const pool = new RenderPool();
  pool.build({ root, outputDir }).finally(() => pool.close()).then(
    report => console.log(JSON.stringify(report.problems)),
    error => { console.error(error); process.exitCode = 1; },
  );
`;

/** Documentation: its threads, style sheet and icons are files that a bundle may leave out. */
export function checks({ image: { folder } }) {
  return {
    'documentation is built by the threads of the image': async () => {
      const work = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-docs-'));
      try {
        fs.mkdirSync(path.join(work, 'docs'));
        fs.mkdirSync(path.join(work, 'site'));
        fs.writeFileSync(path.join(work, 'docs/index.md'), PAGE);
        const site = path.join(work, 'site');
        const problems = await run(
          process.execPath,
          ['-e', BUILD, work, site],
          { cwd: path.join(folder, 'packages/backend') },
        );
        assert.match(problems, /^\[\]$/m);
        const html = fs.readFileSync(path.join(site, 'index.html'), 'utf8');
        assert.match(html, /<h1 id="start">/);
        assert.match(html, /viewBox="0 0 16 16"/);
        assert.match(html, /class="language-js highlight"/);
        const styles = fs.readdirSync(path.join(site, 'assets/stylesheets'));
        assert.match(styles.join(), /^main\.[0-9a-f]{8}\.min\.css$/);
      } finally {
        fs.rmSync(work, { recursive: true, force: true });
      }
    },
  };
}
