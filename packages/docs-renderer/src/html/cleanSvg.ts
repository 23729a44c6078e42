import { Parser } from 'htmlparser2';

const ELEMENTS = new Set(
  (
    'svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc marker pattern ' +
    'mask clipPath linearGradient radialGradient stop filter feBlend feColorMatrix feComponentTransfer feComposite ' +
    'feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG ' +
    'feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight ' +
    'feTile feTurbulence image switch style a view metadata'
  ).split(' '),
);

/** Elements that are taken out with all that is in them. */
const DROPPED = new Set([
  'script',
  'foreignObject',
  'iframe',
  'object',
  'embed',
  'metadata',
  'set',
  'animate',
  'animateTransform',
  'animateMotion',
  'handler',
  'listener',
]);

const SAFE_REFERENCE = /^(?:#|data:image\/(?:png|gif|jpe?g|webp);base64,)/i;
/** Fonts inside of the image are how D2 and others show text as they measured it. */
const UNSAFE_STYLE =
  /@import|url\((?!\s*['"]?(?:#|data:(?:image\/(?:png|gif|jpe?g|webp)|font\/|application\/(?:x-)?font-)))|image-set|expression|javascript:|behavior|-moz-binding/i;

/** What a style sheet says once its escapes are read: `\75rl(…)` is `url(…)`. */
function isUnsafeStyle(style: string): boolean {
  const read = style
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(
      /\\(?:([0-9a-f]{1,6})\s?|(.))/gi,
      (_all, code: string | undefined, sign: string) =>
        code ? String.fromCharCode(parseInt(code, 16)) : sign,
    );
  return UNSAFE_STYLE.test(style) || UNSAFE_STYLE.test(read);
}

/** An SVG image without scripts, handlers, foreign content or anything loaded from elsewhere. */
export function cleanSvg(source: string): string {
  let output = '';
  let dropping = 0;
  let style = '';
  let inStyle = false;
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (
          dropping > 0 ||
          DROPPED.has(local(name)) ||
          !ELEMENTS.has(local(name))
        ) {
          dropping++;
          return;
        }
        if (name === 'style') {
          inStyle = true;
          style = '';
          return;
        }
        open.push(name);
        output += `<${name}${writeAttributes(attributes)}>`;
      },
      ontext(text) {
        if (dropping > 0) return;
        if (inStyle) style += text;
        else output += escape(text);
      },
      onclosetag(name) {
        if (dropping > 0) {
          dropping--;
          return;
        }
        if (name === 'style') {
          inStyle = false;
          if (!isUnsafeStyle(style))
            output += `<style>${escape(style)}</style>`;
          return;
        }
        if (open.pop()) output += `</${name}>`;
      },
    },
    { xmlMode: true, decodeEntities: true, recognizeCDATA: true },
  );
  parser.write(source);
  parser.end();
  return output;
}

function writeAttributes(attributes: Readonly<Record<string, string>>): string {
  let written = '';
  for (const [name, value] of Object.entries(attributes)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('on') || !/^[\w:.-]+$/.test(name)) continue;
    if (lower === 'href' || lower === 'xlink:href' || lower === 'src') {
      if (!SAFE_REFERENCE.test(value.trim())) continue;
    } else if (
      lower !== 'xmlns' &&
      !lower.startsWith('xmlns:') &&
      (isUnsafeStyle(value) || /(?:java|vb)script:/i.test(value))
    ) {
      continue;
    }
    written += ` ${name}="${escape(value).replace(/"/g, '&quot;')}"`;
  }
  return written;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
