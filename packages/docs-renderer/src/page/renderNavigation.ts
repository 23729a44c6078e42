import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import { pagesInOrder, type NavNode } from '../site/Navigation';
import {
  pruneNavigation,
  sectionPaths,
  type SectionPath,
} from './pruneNavigation';

/** Beyond it a page lists its own section and the names of the others: whole, 10,000 pages would take 13 GB. */
const MAX_ENTRIES = 1500;

/**
 * Writes a site's navigation for one page after another. All pages of one depth share everything but what is marked as
 * active, so that a site of many pages does not cost the square of them.
 */
export class NavigationRenderer {
  readonly #nodes: readonly NavNode[];
  readonly #siteName: string;
  readonly #byPrefix = new Map<string, Template>();
  /** Only for a site that is too large to be listed on every page. */
  readonly #paths?: ReadonlyMap<string, SectionPath>;

  constructor(nodes: readonly NavNode[], siteName: string) {
    this.#nodes = nodes;
    this.#siteName = siteName;
    if (pagesInOrder(nodes).length > MAX_ENTRIES) {
      this.#paths = sectionPaths(nodes);
    }
  }

  /** As {@link NavigationRenderer.renderBytes}, as text. */
  render(page: string, prefix: string): string {
    return Buffer.concat(this.renderBytes(page, prefix)).toString();
  }

  /**
   * The navigation as UTF-8, in pieces. Pages share most of them: a navigation of many entries is most of a page.
   *
   * @param page - Path of the page that is shown.
   * @param prefix - Relative way from the page to the start of the site: empty, `../`, `../../` …
   */
  renderBytes(page: string, prefix: string): Uint8Array[] {
    const open = this.#paths && (this.#paths.get(page) ?? []);
    const key = `${prefix} ${open?.join('.') ?? ''}`;
    let template = this.#byPrefix.get(key);
    if (!template) {
      const nodes = open ? pruneNavigation(this.#nodes, open) : this.#nodes;
      template = buildTemplate(nodes, this.#siteName, prefix);
      this.#byPrefix.set(key, template);
    }
    const { bytes, offsets } = template;
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (const [index, text] of template.active.get(page) ?? []) {
      pieces.push(bytes.subarray(at, offsets[index]), Buffer.from(text));
      at = offsets[index + 1];
    }
    pieces.push(bytes.subarray(at));
    return pieces;
  }
}

interface Template {
  /** With no page active. */
  readonly bytes: Buffer;
  /** Where each part begins, and the end of the last. */
  readonly offsets: readonly number[];
  /** Which parts read otherwise when a page is the active one, in their order. */
  readonly active: ReadonlyMap<string, readonly (readonly [number, string])[]>;
}

function buildTemplate(
  nodes: readonly NavNode[],
  siteName: string,
  prefix: string,
): Template {
  const parts: string[] = [];
  const active = new Map<string, (readonly [number, string])[]>();
  const home = prefix || './';
  parts.push(
    `<nav class="md-nav md-nav--primary" aria-label="Navigation" data-md-level="0"><label class="md-nav__title" for="__drawer"><a href="${home}" title="${escapeText(
      siteName,
    )}" class="md-nav__button md-logo" aria-label="${escapeText(
      siteName,
    )}" data-md-component="logo"></a>${escapeText(
      siteName,
    )}</label><ul class="md-nav__list" data-md-scrollfix>`,
  );
  const slot = (text: string) => parts.push(text) - 1;

  const write = (
    list: readonly NavNode[],
    level: number,
    id: string,
    ancestors: readonly (readonly [number, string])[],
  ) => {
    list.forEach((node, index) => {
      const title = `<span class="md-ellipsis">${escapeText(
        node.title,
      )}</span>`;
      parts.push('<li class="md-nav__item');
      const marker = slot('');
      const own = `${id}_${index + 1}`;
      if (node.children) {
        parts.push(' md-nav__item--nested">');
        const input = `<input class="md-nav__toggle md-toggle" type="checkbox" id="${own}"`;
        const toggle = slot(`${input}>`);
        parts.push(
          `<label class="md-nav__link" for="${own}" id="${own}_label" tabindex="0">${title}<span class="md-nav__icon md-icon"></span></label>`,
        );
        const expanded = slot(
          `<nav class="md-nav" data-md-level="${level}" aria-labelledby="${own}_label" aria-expanded="false">`,
        );
        parts.push(
          `<label class="md-nav__title" for="${own}"><span class="md-nav__icon md-icon"></span>${escapeText(
            node.title,
          )}</label><ul class="md-nav__list" data-md-scrollfix>`,
        );
        write(node.children, level + 1, own, [
          ...ancestors,
          [marker, ' md-nav__item--active'],
          [toggle, `${input} checked>`],
          [
            expanded,
            `<nav class="md-nav" data-md-level="${level}" aria-labelledby="${own}_label" aria-expanded="true">`,
          ],
        ]);
        parts.push('</ul></nav></li>');
        return;
      }
      parts.push('">');
      const external = node.page === undefined;
      const href = external
        ? node.url ?? ''
        : `${prefix}${node.url ?? ''}` || './';
      const link = slot(
        `<a href="${escapeText(href)}" class="md-nav__link">${title}</a></li>`,
      );
      if (node.page !== undefined && !active.has(node.page)) {
        active.set(node.page, [
          ...ancestors,
          [marker, ' md-nav__item--active'],
          [
            link,
            `<a href="${escapeText(
              href,
            )}" class="md-nav__link md-nav__link--active" aria-current="page">${title}</a></li>`,
          ],
        ]);
      }
    });
  };
  write(nodes, 1, '__nav', []);
  parts.push('</ul></nav>');
  const offsets = [0];
  for (const part of parts) {
    offsets.push(offsets[offsets.length - 1] + Buffer.byteLength(part));
  }
  return { bytes: Buffer.from(parts.join('')), offsets, active };
}
