import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { templateLint } from './templateLint';

// Tests run from the sources.
// eslint-disable-next-line no-restricted-syntax
const TEMPLATES = path.resolve(__dirname, '../../../../templates');

async function run(folder: string, ...args: string[]) {
  let written = '';
  const code = await templateLint.run([folder, ...args], {
    write: text => {
      written += text;
    },
    writeError: () => {},
    environment: {},
    workingDirectory: folder,
  });
  return { code, written };
}

describe('waystone template lint', () => {
  it('finds nothing in the golden paths', async () => {
    expect(await run(TEMPLATES)).toEqual({ code: 0, written: '' });
  });

  it('says what is wrong in a template and in its skeleton', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
    try {
      mkdirSync(path.join(folder, 'skeleton'));
      writeFileSync(
        path.join(folder, 'template.yaml'),
        'kind: Template\nspec:\n  steps:\n    - action: acme:dns\n',
      );
      writeFileSync(
        path.join(folder, 'skeleton/README.md'),
        '{% for i in range(0, 99999999) %}x{% endfor %}',
      );
      const { code, written } = await run(folder);
      expect(code).toBe(1);
      expect(written).toContain('template.yaml spec.steps[0].action');
      expect(written).toContain('skeleton/README.md');
      expect((await run(folder, '--action', 'acme:*')).written).not.toContain(
        'template.yaml',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
