import { createMockDirectory } from '@backstage/backend-test-utils';
import { refuseUnsafeMkdocs } from './refuseUnsafeMkdocs';

describe('refuseUnsafeMkdocs', () => {
  const directory = createMockDirectory();

  it.each([
    ['a mapping of extensions', 'markdown_extensions:\n  evil.module: {}\n'],
    ['a merged mapping', 'x: &x {evil.module: {}}\nmarkdown_extensions: *x\n'],
    ['hooks', 'hooks: [evil.py]\n'],
    ['INHERIT', 'INHERIT: ../base.yml\n'],
    ['a theme folder', 'theme:\n  name: material\n  custom_dir: ..\n'],
    ['a Python object', 'extra: !!python/object/apply:os.system [id]\n'],
    ['a Python name', 'extra: !!python/name:os.system\n'],
    ['broken YAML', 'a: "b\n'],
  ])('refuses %s', async (_name, text) => {
    directory.setContent({ 'mkdocs.yml': text });
    await expect(refuseUnsafeMkdocs(directory.path)).rejects.toThrow(
      /^mkdocs.yml: /,
    );
  });

  it('lets ordinary files pass', async () => {
    directory.setContent({
      'mkdocs.yml':
        'site_name: a\nmarkdown_extensions:\n  - toc:\n      permalink: true\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n',
    });
    await expect(refuseUnsafeMkdocs(directory.path)).resolves.toBeUndefined();
  });
});
