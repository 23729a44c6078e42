let count = 0;

/** Kept on the element, so that it can be drawn again in another theme. */
const SOURCE = 'data-waystone-source';
const THEME = 'data-waystone-theme';

/** Below this nobody can read the text. */
const SMALLEST_SCALE = 0.7;

/**
 * The colours of the page. Pages that were made by MkDocs do not name them, and get a theme of Mermaid's own.
 *
 * @param style - Of the block that holds the diagram.
 */
function colours(style: CSSStyleDeclaration, theme: 'dark' | 'neutral') {
  const { fontFamily } = getComputedStyle(document.body);
  const font = { fontFamily, fontSize: '14px' };
  const colour = (name: string) =>
    style.getPropertyValue(`--docs-${name}`).trim();
  const [text, line, surface, tint, accent, background] = [
    'fg',
    'fg-soft',
    'surface',
    'tint',
    'accent',
    'bg',
  ].map(colour);
  if (![text, line, surface, tint, accent, background].every(isHex)) {
    return { theme, themeVariables: font };
  }
  return {
    theme: 'base' as const,
    themeVariables: {
      ...font,
      darkMode: theme === 'dark',
      background: surface,
      primaryColor: tint,
      primaryTextColor: text,
      primaryBorderColor: accent,
      secondaryColor: background,
      secondaryTextColor: text,
      secondaryBorderColor: line,
      tertiaryColor: background,
      tertiaryTextColor: text,
      tertiaryBorderColor: line,
      lineColor: line,
      textColor: text,
      edgeLabelBackground: surface,
      noteBkgColor: background,
      noteTextColor: text,
      noteBorderColor: line,
    },
  };
}

/** Mermaid calculates with colours, and knows none that are given in another way. */
function isHex(colour: string): boolean {
  return /^#[0-9a-f]{3,8}$/i.test(colour);
}

/**
 * Draws one diagram in place. Mermaid is loaded when the first page with a diagram is read; it cleans labels and links
 * itself (`securityLevel: strict`).
 *
 * @param words - What the drawing is called, and why one cannot be drawn; its text stays then.
 */
export async function drawDiagram(
  block: HTMLPreElement,
  words: {
    readonly label: string;
    readonly explain: (reason: string) => string;
  },
): Promise<void> {
  const source =
    block.getAttribute(SOURCE) ??
    block.querySelector('code')?.textContent ??
    '';
  if (!source.trim()) return;
  const style = getComputedStyle(block);
  const theme = style.colorScheme.includes('dark') ? 'dark' : 'neutral';
  if (block.getAttribute(THEME) === theme) return;
  const { default: mermaid } = await import('mermaid');
  const { fontFamily } = getComputedStyle(document.body);
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    ...colours(style, theme),
    fontFamily,
    maxTextSize: 50_000,
    maxEdges: 500,
    suppressErrorRendering: true,
  });
  try {
    const { svg } = await mermaid.render(`waystone-diagram-${count++}`, source);
    const drawing = document.createElement('div');
    drawing.setAttribute('role', 'img');
    drawing.setAttribute('aria-label', words.label);
    // Wide ones scroll, by keyboard too
    drawing.tabIndex = 0;
    Object.assign(drawing.style, {
      // Set where dark colours would not do: print.css
      filter: theme === 'dark' ? 'var(--docs-dark-diagram-filter, none)' : '',
      fontFamily,
      lineHeight: 'normal',
      overflowX: 'auto',
      padding: '1rem',
      textAlign: 'center',
      whiteSpace: 'normal',
    });
    drawing.innerHTML = svg;
    const shape = drawing.querySelector('svg');
    if (shape) {
      const width = shape.viewBox.baseVal?.width ?? 0;
      shape.style.minWidth = `${Math.round(width * SMALLEST_SCALE)}px`;
    }
    block.setAttribute(SOURCE, source);
    block.setAttribute(THEME, theme);
    block.replaceChildren(drawing);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : '';
    block.title = words.explain(reason);
  }
}
