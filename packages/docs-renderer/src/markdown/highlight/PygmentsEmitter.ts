/** Scopes of highlight.js as the class names of Pygments, which Material's and the reader's style sheets know. */
const CLASSES: Readonly<Record<string, string>> = {
  addition: 'gi',
  attr: 'nt',
  attribute: 'na',
  built_in: 'nb',
  bullet: 'p',
  'char.escape': 'se',
  code: 'sb',
  comment: 'c',
  deletion: 'gd',
  doctag: 'cs',
  emphasis: 'ge',
  formula: 'm',
  keyword: 'k',
  link: 's',
  literal: 'kc',
  meta: 'cp',
  'meta.prompt': 'gp',
  name: 'nt',
  number: 'm',
  operator: 'o',
  params: 'n',
  property: 'na',
  punctuation: 'p',
  quote: 'c',
  regexp: 'sr',
  section: 'gh',
  'selector-attr': 'na',
  'selector-class': 'nc',
  'selector-id': 'nn',
  'selector-pseudo': 'nd',
  'selector-tag': 'nt',
  string: 's',
  strong: 'gs',
  subst: 'si',
  symbol: 'ss',
  tag: 'p',
  'template-tag': 'cp',
  'template-variable': 'nv',
  title: 'nf',
  'title.class': 'nc',
  'title.function': 'nf',
  type: 'kt',
  variable: 'nv',
  'variable.constant': 'no',
  'variable.language': 'bp',
};

/** Text as HTML. */
export function escapeText(text: string): string {
  // Sign by sign: on the long texts of a page a pattern with a function takes several times as long
  let escaped = text;
  if (escaped.includes('&')) escaped = escaped.replaceAll('&', '&amp;');
  if (escaped.includes('<')) escaped = escaped.replaceAll('<', '&lt;');
  if (escaped.includes('>')) escaped = escaped.replaceAll('>', '&gt;');
  if (escaped.includes('"')) escaped = escaped.replaceAll('"', '&quot;');
  return escaped;
}

/** Takes what highlight.js finds and writes HTML in which no element spans a line break. */
export class PygmentsEmitter {
  #html = '';
  readonly #open: string[] = [];

  startScope(scope: string): void {
    const name = CLASSES[scope] ?? CLASSES[scope.split('.')[0]] ?? '';
    this.#open.push(name);
    if (name) this.#html += `<span class="${name}">`;
  }

  endScope(): void {
    if (this.#open.pop()) this.#html += '</span>';
  }

  /** Older grammars call it so. */
  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (!text) return;
    if (this.#open.length === 0 || !text.includes('\n')) {
      this.#html += escapeText(text);
      return;
    }
    const open = this.#open.filter(Boolean);
    const closing = '</span>'.repeat(open.length);
    const opening = open.map(name => `<span class="${name}">`).join('');
    this.#html += escapeText(text).replace(/\n/g, `${closing}\n${opening}`);
  }

  __addSublanguage(emitter: PygmentsEmitter): void {
    this.#html += emitter.toHTML();
  }

  closeAllNodes(): void {
    while (this.#open.length > 0) this.endScope();
  }

  finalize(): boolean {
    this.closeAllNodes();
    return true;
  }

  toHTML(): string {
    return this.#html;
  }
}
