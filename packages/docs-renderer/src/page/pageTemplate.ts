import type { TocEntry } from '../markdown/PageEnvironment';
import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import type { RenderedPage } from './RenderedPage';

const EDIT_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M10 20H6V4h7v5h5v3.1l2-2V8l-6-6H6c-1.1 0-2 .9-2 2v16c0 1.1.9 2 2 2h4v-2m10.2-7c.1 0 .3.1.4.2l1.3 1.3c.2.2.2.6 0 .8l-1 1-2.1-2.1 1-1c.1-.1.2-.2.4-.2m0 3.9L14.1 23H12v-2.1l6.1-6.1 2.1 2.1Z"/></svg>';
const MENU_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"/></svg>';
const PREVIOUS_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M20 11v2H8l5.5 5.5-1.42 1.42L4.16 12l7.92-7.92L13.5 5.5 8 11z"/></svg>';
const NEXT_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 11v2h12l-5.5 5.5 1.42 1.42L19.84 12l-7.92-7.92L10.5 5.5 16 11z"/></svg>';

/** A page before or after the one that is shown. */
export interface Neighbour {
  readonly title: string;
  readonly href: string;
}

export interface PageTemplateOptions {
  readonly page: RenderedPage;
  readonly siteName: string;
  readonly title: string;
  /** Relative way to the start of the site. */
  readonly prefix: string;
  /** Name of the style sheet in `assets/stylesheets`. */
  readonly styleSheet: string;
  readonly editUrl?: string;
  readonly previous?: Neighbour;
  readonly next?: Neighbour;
  /** Put before the end of the body: live reload of `waystone docs serve`. */
  readonly footer?: string;
}

/** What stands before and after the navigation of a page. */
export interface PageAroundNavigation {
  readonly before: string;
  readonly after: string;
}

/**
 * A whole page with the structure of Material for MkDocs: the reader of TechDocs, its addons and existing style sheets
 * find their way by its class names.
 */
export function pageTemplate(
  options: PageTemplateOptions,
): PageAroundNavigation {
  const { page, siteName, title, prefix, styleSheet } = options;
  const hide = new Set(page.hide);
  const name = escapeText(siteName);
  const heading = escapeText(title);
  const isHome =
    page.summary.path === 'index.md' || page.summary.path === 'README.md';
  const description = page.summary.description
    ? `<meta name="description" content="${escapeText(
        page.summary.description,
      )}">`
    : '';
  const needsHeading = !/<h1[\s>]/.test(page.html);
  const before = `<!doctype html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
${description}<meta name="generator" content="waystone">
<title>${isHome ? name : `${heading} - ${name}`}</title>
<link rel="stylesheet" href="${prefix}assets/stylesheets/${styleSheet}">
</head>
<body dir="ltr">
<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">
<input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">
<label class="md-overlay" for="__drawer"></label>
<header class="md-header" data-md-component="header"><nav class="md-header__inner md-grid" aria-label="Header"><a href="${
    prefix || './'
  }" title="${name}" class="md-header__button md-logo" aria-label="${name}">${name}</a><label class="md-header__button md-icon" for="__drawer">${MENU_ICON}</label><div class="md-header__title" data-md-component="header-title"><div class="md-header__ellipsis"><div class="md-header__topic"><span class="md-ellipsis">${name}</span></div><div class="md-header__topic" data-md-component="header-topic"><span class="md-ellipsis">${heading}</span></div></div></div></nav></header>
<div class="md-container" data-md-component="container">
<main class="md-main" data-md-component="main">
<div class="md-main__inner md-grid">
<div class="md-sidebar md-sidebar--primary" data-md-component="sidebar" data-md-type="navigation"${
    hide.has('navigation') ? ' hidden' : ''
  }><div class="md-sidebar__scrollwrap"><div class="md-sidebar__inner">`;
  const after = `</div></div></div>
<div class="md-sidebar md-sidebar--secondary" data-md-component="sidebar" data-md-type="toc"${
    hide.has('toc') ? ' hidden' : ''
  }><div class="md-sidebar__scrollwrap"><div class="md-sidebar__inner">${renderToc(
    page.toc,
  )}</div></div></div>
<div class="md-content" data-md-component="content"><article class="md-content__inner md-typeset">
${
  options.editUrl
    ? `<a href="${escapeText(
        options.editUrl,
      )}" title="Edit this page" class="md-content__button md-icon" rel="edit">${EDIT_ICON}</a>\n`
    : ''
}${renderTags(page.tags)}${needsHeading ? `<h1>${heading}</h1>\n` : ''}${
    page.html
  }
</article></div>
</div>
</main>
${hide.has('footer') ? '' : renderFooter(options)}
</div>
${options.footer ?? ''}</body>
</html>
`;
  return { before, after };
}

function renderTags(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  return `<nav class="md-tags">${tags
    .map(tag => `<span class="md-tag">${escapeText(tag)}</span>`)
    .join(' ')}</nav>\n`;
}

/** The headings below the page's own title. */
function renderToc(toc: readonly TocEntry[]): string {
  const single = toc.filter(entry => entry.level === 1).length === 1;
  const entries = single ? toc.filter(entry => entry.level > 1) : toc;
  if (entries.length === 0) {
    return '<nav class="md-nav md-nav--secondary" aria-label="Table of contents"></nav>';
  }
  let index = 0;
  const list = (level: number): string => {
    let items = '';
    while (index < entries.length && entries[index].level >= level) {
      const entry = entries[index++];
      const inner =
        index < entries.length && entries[index].level > entry.level
          ? `<nav class="md-nav" aria-label="${escapeText(
              entry.title,
            )}"><ul class="md-nav__list">${list(
              entries[index].level,
            )}</ul></nav>`
          : '';
      items += `<li class="md-nav__item"><a href="#${escapeText(
        entry.id,
      )}" class="md-nav__link"><span class="md-ellipsis">${
        entry.html
      }</span></a>${inner}</li>`;
    }
    return items;
  };
  let items = '';
  while (index < entries.length) items += list(entries[index].level);
  return `<nav class="md-nav md-nav--secondary" aria-label="Table of contents"><label class="md-nav__title" for="__toc"><span class="md-nav__icon md-icon"></span>Table of contents</label><ul class="md-nav__list" data-md-component="toc" data-md-scrollfix>${items}</ul></nav>`;
}

function renderFooter({ previous, next }: PageTemplateOptions): string {
  if (!previous && !next) return '';
  const link = (
    neighbour: Neighbour,
    kind: 'prev' | 'next',
    word: string,
    icon: string,
  ) => {
    const title = escapeText(neighbour.title);
    const button = `<div class="md-footer__button md-icon">${icon}</div>`;
    const text = `<div class="md-footer__title"><span class="md-footer__direction">${word}</span><div class="md-ellipsis">${title}</div></div>`;
    return `<a href="${escapeText(
      neighbour.href,
    )}" class="md-footer__link md-footer__link--${kind}" aria-label="${word}: ${title}" rel="${kind}">${
      kind === 'prev' ? button + text : text + button
    }</a>`;
  };
  return `<footer class="md-footer"><nav class="md-footer__inner md-grid" aria-label="Footer">${
    previous ? link(previous, 'prev', 'Previous', PREVIOUS_ICON) : ''
  }${next ? link(next, 'next', 'Next', NEXT_ICON) : ''}</nav></footer>`;
}
