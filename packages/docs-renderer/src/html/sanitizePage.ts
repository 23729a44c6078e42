import sanitizeHtml from 'sanitize-html';

const ELEMENTS = (
  'a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl ' +
  'dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label li main mark nav ol p ' +
  'picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td tfoot th ' +
  'thead time tr tt u ul var video audio track wbr font big'
).split(' ');

const KNOWN = new Set(ELEMENTS);

const EVERYWHERE = (
  'id class title lang dir align valign width height role aria-label aria-hidden aria-labelledby aria-describedby ' +
  'data-md-annotation-id data-tabs data-title data-description data-gallery ' +
  'data-caption-position data-type data-width data-height data-effect data-zoomable data-draggable data-desc-position ' +
  'hidden tabindex'
).split(' ');

/** Ids that the page's own controls have: a page must not take them over. */
const OWN_IDS =
  /^(?:__drawer|__search|__nav_.*|__toc|__tabbed_.*|toggle-sidebar|git-feedback-link)$/;

const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|avif);base64,/i;

/**
 * Cleans a page by an allow-list: no script, style, form, frame, event handler or link that runs code is left. Elements
 * that are not closed are closed, so that a page cannot break out of its place.
 *
 * The reader's DOMPurify is a second line of defence, not the first: pages are also read without it.
 *
 * @param onRemoved - Called once for each kind of element that was taken out.
 */
export function sanitizePage(
  html: string,
  onRemoved: (element: string) => void,
): string {
  const removed = new Set<string>();
  return sanitizeHtml(html, {
    allowedTags: ELEMENTS,
    allowedAttributes: {
      '*': EVERYWHERE,
      a: ['href', 'name', 'target', 'rel', 'download'],
      img: ['src', 'alt', 'loading', 'decoding', 'srcset', 'sizes'],
      source: ['src', 'srcset', 'type', 'media'],
      video: ['src', 'poster', 'controls', 'loop', 'muted', 'preload'],
      audio: ['src', 'controls', 'loop', 'muted', 'preload'],
      track: ['src', 'kind', 'srclang', 'label', 'default'],
      input: ['type', 'checked', 'disabled', 'name'],
      label: ['for'],
      details: ['open'],
      ol: ['start', 'type', 'reversed'],
      li: ['value'],
      td: ['colspan', 'rowspan', 'style'],
      th: ['colspan', 'rowspan', 'scope', 'style'],
      col: ['span'],
      colgroup: ['span'],
      time: ['datetime'],
      font: ['color'],
      table: ['border', 'cellpadding', 'cellspacing'],
      del: ['datetime', 'cite'],
      ins: ['datetime', 'cite'],
      q: ['cite'],
      blockquote: ['cite'],
    },
    allowedStyles: { '*': { 'text-align': [/^(?:left|right|center)$/] } },
    allowedSchemes: [
      'http',
      'https',
      'mailto',
      'tel',
      'ftp',
      'sms',
      'xmpp',
      'matrix',
    ],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowedSchemesAppliedToAttributes: [
      'href',
      'src',
      'cite',
      'poster',
      'srcset',
    ],
    allowProtocolRelative: true,
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'iframe',
      'object',
      'embed',
      'template',
      'xmp',
      'noembed',
      'noframes',
      'plaintext',
      'title',
      'svg',
      'math',
    ],
    nestingLimit: 200,
    disallowedTagsMode: 'discard',
    parser: { lowerCaseTags: true, lowerCaseAttributeNames: true },
    exclusiveFilter: frame =>
      frame.tag === 'input' &&
      !/^(?:checkbox|radio)$/.test(frame.attribs.type ?? ''),
    transformTags: {
      '*': (tagName, attribs) => {
        if (!removed.has(tagName) && !KNOWN.has(tagName)) {
          removed.add(tagName);
          onRemoved(tagName);
        }
        if (attribs.id && OWN_IDS.test(attribs.id) && tagName !== 'input') {
          delete attribs.id;
        }
        if (attribs.src?.startsWith('data:') && !DATA_IMAGE.test(attribs.src)) {
          delete attribs.src;
        }
        if (attribs.target && attribs.target !== '_self') {
          attribs.rel = 'noopener noreferrer';
        }
        return { tagName, attribs };
      },
    },
  });
}
