#!/usr/bin/env node
/*
 * Compares two builds of one site, such as MkDocs' and ours:
 *
 *   node packages/cli/bin/waystone.cjs docs build <folder> --output ours
 *   mkdocs build --site-dir mkdocs             (with mkdocs-techdocs-core)
 *   node packages/docs-renderer/compare/compareSites.mjs mkdocs ours [--verbose]
 *
 * MkDocs is a tool of this test only. Nothing else of the portal needs it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Parser } from 'htmlparser2';

const [expectedFolder, actualFolder] = process.argv.slice(2);
const verbose = process.argv.includes('--verbose');

/** What is compared of a page. */
const ASPECTS = [
  'text',
  'headings',
  'links',
  'images',
  'code',
  'boxes',
  'tabs',
  'tables',
];

/** The parts of a page's article. */
function readPage(file) {
  const found = Object.fromEntries(ASPECTS.map(aspect => [aspect, []]));
  let inArticle = 0;
  let skip = 0;
  let heading;
  let code;
  let title;
  const stack = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const classes = (attributes.class ?? '').split(/\s+/);
        const skipped =
          classes.some(item =>
            [
              'headerlink',
              'md-content__button',
              'linenos',
              'md-tags',
              'md-source-file',
              'md-annotation',
            ].includes(item),
          ) || ['script', 'style', 'svg', 'math'].includes(name);
        stack.push({ name, skipped, article: name === 'article' });
        if (name === 'article') inArticle++;
        if (skipped) skip++;
        if (!inArticle || skip) return;
        if (/^h[1-6]$/.test(name))
          heading = { name, id: attributes.id ?? '', text: '' };
        if (
          name === 'a' &&
          attributes.href &&
          !attributes.href.startsWith('mailto:')
        )
          found.links.push(normalizeUrl(attributes.href));
        if (name === 'img' && !/twemoji|emojione/.test(attributes.class ?? ''))
          found.images.push(normalizeUrl(attributes.src ?? ''));
        if (name === 'pre') code = '';
        if (name === 'table' && !classes.includes('highlighttable'))
          found.tables.push('table');
        if (classes.includes('admonition-title') || name === 'summary')
          title = '';
        if (classes.includes('tabbed-set'))
          found.tabs.push(attributes['data-tabs']);
      },
      ontext(text) {
        if (!inArticle || skip) return;
        found.text.push(text);
        if (heading) heading.text += text;
        if (code !== undefined) code += text;
        if (title !== undefined) title += text;
      },
      onclosetag(name) {
        const top = stack.pop();
        if (inArticle && !skip) {
          if (heading && name === heading.name) {
            found.headings.push(`${name}#${heading.id} ${tidy(heading.text)}`);
            heading = undefined;
          }
          if (name === 'pre' && code !== undefined) {
            found.code.push(tidy(code));
            code = undefined;
          }
          if (title !== undefined && (name === 'p' || name === 'summary')) {
            found.boxes.push(tidy(title));
            title = undefined;
          }
        }
        if (top?.skipped) skip--;
        if (top?.article) inArticle--;
      },
    },
    { decodeEntities: true },
  );
  parser.end(fs.readFileSync(file, 'utf8'));
  found.text = [words(found.text.join(''))];
  return found;
}

function tidy(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** Text without spaces: where they stand depends on the markup only. */
function words(text) {
  return text.replace(/\s+/g, '');
}

function normalizeUrl(url) {
  let plain = url;
  try {
    plain = decodeURIComponent(url);
  } catch {
    // Not an encoding
  }
  return plain.replace(/^\.\//, '').replace(/\/(?=$|#)/, '');
}

function listPages(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.html') && name !== '404.html')
    .sort();
}

const expected = listPages(expectedFolder);
const actual = new Set(listPages(actualFolder));
const missing = expected.filter(name => !actual.has(name));
const added = [...actual].filter(name => !expected.includes(name));
const same = Object.fromEntries(ASPECTS.map(aspect => [aspect, 0]));
const items = Object.fromEntries(ASPECTS.map(aspect => [aspect, [0, 0]]));
let pages = 0;
for (const name of expected.filter(page => actual.has(page))) {
  pages++;
  const a = readPage(path.join(expectedFolder, name));
  const b = readPage(path.join(actualFolder, name));
  for (const aspect of ASPECTS) {
    const left = [...b[aspect]];
    let matched = 0;
    for (const item of a[aspect]) {
      const at = left.indexOf(item);
      if (at >= 0) {
        left.splice(at, 1);
        matched++;
      }
    }
    items[aspect][0] += matched;
    items[aspect][1] += a[aspect].length;
    if (matched === a[aspect].length && left.length === 0) same[aspect]++;
    else if (verbose) {
      const gone = a[aspect].filter(item => !b[aspect].includes(item));
      const fresh = b[aspect].filter(item => !a[aspect].includes(item));
      const shown =
        aspect === 'text'
          ? [difference(a.text[0], b.text[0])]
          : [
              ...gone.slice(0, 4).map(item => `- ${item.slice(0, 160)}`),
              ...fresh.slice(0, 4).map(item => `+ ${item.slice(0, 160)}`),
            ];
      console.log(`${name} ${aspect}\n  ${shown.join('\n  ')}`);
    }
  }
}

/** The first place where two texts differ. */
function difference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `…${a.slice(Math.max(0, at - 30), at + 50)}…\n  …${b.slice(
    Math.max(0, at - 30),
    at + 50,
  )}…`;
}

function searchLocations(folder) {
  const file = path.join(folder, 'search/search_index.json');
  return new Set(
    JSON.parse(fs.readFileSync(file, 'utf8')).docs.map(doc =>
      decodeURIComponent(doc.location),
    ),
  );
}
const wanted = searchLocations(expectedFolder);
const got = searchLocations(actualFolder);
const found = [...wanted].filter(location => got.has(location)).length;
if (verbose) {
  console.log(
    'search missing',
    [...wanted].filter(location => !got.has(location)).slice(0, 20),
  );
}

console.log(
  `Pages: ${expected.length} expected, ${pages} at the same address, ${missing.length} missing, ${added.length} more`,
);
if (missing.length > 0)
  console.log(`  missing: ${missing.slice(0, 10).join(', ')}`);
for (const aspect of ASPECTS) {
  const [matched, total] = items[aspect];
  console.log(
    `${aspect.padEnd(9)} pages alike ${
      same[aspect]
    }/${pages}, items ${matched}/${total}`,
  );
}
console.log(`search    locations ${found}/${wanted.size}`);
