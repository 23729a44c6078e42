/**
 * Languages of Kroki.
 *
 * https://docs.kroki.io/kroki/#_diagram_types
 */
export const KROKI_TYPES: readonly string[] = (
  'actdiag blockdiag bpmn bytefield c4plantuml d2 dbml diagramsnet ditaa erd excalidraw graphviz mermaid nomnoml nwdiag ' +
  'packetdiag pikchr plantuml rackdiag seqdiag structurizr svgbob symbolator tikz umlet vega vegalite wavedrom wireviz'
).split(' ');

/** Languages that a PlantUML server draws as well. */
export const PLANTUML_TYPES: readonly string[] = ['plantuml', 'c4plantuml'];

/** Code blocks of these languages are diagrams without `kroki-` in front of their name. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ...'plantuml c4plantuml blockdiag ditaa graphviz nomnoml structurizr svgbob vega vegalite wavedrom d2'
    .split(' ')
    .map(name => [name, name] as const),
  ['puml', 'plantuml'],
  ['uml', 'plantuml'],
  ['dot', 'graphviz'],
]);

/** Whether a code block is a diagram that only a server draws. */
export function isDiagram(language: string): boolean {
  return OWN_NAMES.has(language) || /^kroki(?:-[\w-]+)?$/.test(language);
}

/** Kroki's name for the language of a code block: ```` ```dot ````, ```` ```kroki-bpmn ````; undefined for no diagram. */
export function diagramTypeOf(language: string): string | undefined {
  const own = OWN_NAMES.get(language);
  if (own || !language.startsWith('kroki-')) return own;
  const name = language.slice('kroki-'.length);
  return KROKI_TYPES.includes(name) ? name : OWN_NAMES.get(name);
}
