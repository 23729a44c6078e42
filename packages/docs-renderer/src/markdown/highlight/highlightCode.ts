import highlighter from 'highlight.js/lib/core';
import type { HLJSApi, LanguageFn } from 'highlight.js';
import { escapeText, PygmentsEmitter } from './PygmentsEmitter';

/** Names of Pygments and of common use that highlight.js calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  'c++': 'cpp',
  cjs: 'javascript',
  console: 'shell',
  docker: 'dockerfile',
  fish: 'bash',
  golang: 'go',
  gotemplate: 'handlebars',
  hcl: 'ini',
  helm: 'yaml',
  html: 'xml',
  js: 'javascript',
  json5: 'json',
  jsonc: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  mjs: 'javascript',
  objc: 'objectivec',
  pl: 'perl',
  postgres: 'pgsql',
  postgresql: 'pgsql',
  powershell: 'powershell',
  promql: 'sql',
  proto: 'protobuf',
  ps1: 'powershell',
  py: 'python',
  pycon: 'python-repl',
  python3: 'python',
  rb: 'ruby',
  rego: 'ruby',
  rs: 'rust',
  sh: 'bash',
  'shell-session': 'shell',
  svg: 'xml',
  terraform: 'ini',
  tf: 'ini',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
  zsh: 'bash',
};

/** Beyond this a block is shown without colours: nobody reads it, and it costs everybody. */
const MAX_CHARACTERS = 100_000;

const unknown = new Set<string>();

highlighter.configure({
  __emitter: PygmentsEmitter,
  throwUnescapedHTML: false,
} as Parameters<HLJSApi['configure']>[0]);

/** The name that highlight.js knows a language by, loading its grammar at first use; undefined when it has none. */
function loadLanguage(name: string): string | undefined {
  const wanted = name.toLowerCase();
  const language = ALIASES[wanted] ?? wanted;
  if (highlighter.getLanguage(language)) return language;
  if (unknown.has(language) || !/^[a-z0-9-]{1,24}$/.test(language)) {
    return undefined;
  }
  try {
    const grammar = require(`highlight.js/lib/languages/${language}`) as
      | LanguageFn
      | { readonly default: LanguageFn };
    highlighter.registerLanguage(
      language,
      typeof grammar === 'function' ? grammar : grammar.default,
    );
    return language;
  } catch {
    // There is no such grammar: the block stays plain
    unknown.add(language);
    return undefined;
  }
}

/** Code as HTML with the class names of Pygments. */
export function highlightCode(code: string, language: string): string {
  if (!language || code.length > MAX_CHARACTERS) return escapeText(code);
  const known = loadLanguage(language);
  if (!known) return escapeText(code);
  return highlighter.highlight(code, { language: known, ignoreIllegals: true })
    .value;
}
