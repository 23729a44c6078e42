import fs from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';
import { isMap, isNode, isSeq, parseDocument, visit } from 'yaml';

/** Keys that make MkDocs run code or read elsewhere. */
const REFUSED_KEYS = ['hooks', 'INHERIT', 'inherit'];

/** Tags that techdocs-node lets through and that only name an icon generator or a slug function. */
const ALLOWED_PYTHON = new Set([
  'tag:yaml.org,2002:python/name:materialx.emoji.twemoji',
  'tag:yaml.org,2002:python/name:materialx.emoji.to_svg',
  'tag:yaml.org,2002:python/name:material.extensions.emoji.twemoji',
  'tag:yaml.org,2002:python/name:material.extensions.emoji.to_svg',
  'tag:yaml.org,2002:python/object/apply:pymdownx.slugs.slugify',
]);

/**
 * Refuses an mkdocs.yml that would run code in MkDocs. The sanitiser of techdocs-node 2.0.0 looks at
 * `markdown_extensions` only when it is a list, so that a mapping reaches Python as it is (CVE-2026-106558, fixed in 2.0.1).
 *
 * @throws InputError naming what is refused and what to write instead.
 */
export async function refuseUnsafeMkdocs(directory: string): Promise<void> {
  for (const name of ['mkdocs.yml', 'mkdocs.yaml']) {
    const file = path.join(directory, name);
    let text: string;
    try {
      text = await fs.readFile(file, 'utf8');
    } catch {
      // There is no such file
      continue;
    }
    const document = parseDocument(text, { logLevel: 'silent' });
    if (document.errors.length > 0) {
      throw new InputError(`${name}: ${document.errors[0].message}`);
    }
    const refuse = (what: string, instead: string): never => {
      throw new InputError(`${name}: ${what} ${instead}`);
    };
    visit(document, {
      Node(_key, node) {
        if (
          isNode(node) &&
          node.tag?.includes('python/') &&
          !ALLOWED_PYTHON.has(node.tag.replace(/^!!/, 'tag:yaml.org,2002:'))
        ) {
          refuse(`The tag "${node.tag}" is refused.`, 'Remove it.');
        }
      },
    });
    for (const key of REFUSED_KEYS) {
      if (document.has(key)) refuse(`"${key}" is refused.`, 'Remove it.');
    }
    const extensions = document.get('markdown_extensions', true);
    if (extensions && isMap(extensions)) {
      refuse(
        '"markdown_extensions" as a mapping is refused (CVE-2026-106558).',
        'Write it as a list: "- name: options".',
      );
    }
    if (extensions && isNode(extensions) && !isSeq(extensions)) {
      const value = extensions.toJSON() as unknown;
      if (value !== null)
        refuse('"markdown_extensions" is not a list.', 'Write it as a list.');
    }
    const theme = document.get('theme', true);
    if (isMap(theme) && theme.has('custom_dir')) {
      refuse('"theme.custom_dir" is refused.', 'Remove it.');
    }
  }
}
