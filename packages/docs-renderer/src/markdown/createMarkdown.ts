import MarkdownIt from 'markdown-it';
import abbreviations from 'markdown-it-abbr';
import definitionLists from 'markdown-it-deflist';
import { full as emoji } from 'markdown-it-emoji';
import { admonitions } from './rules/admonitions';
import { alerts } from './rules/alerts';
import { attributeLists } from './rules/attributeLists';
import { blocks } from './rules/blocks';
import { codeBlocks } from './rules/codeBlocks';
import { contentTabs } from './rules/contentTabs';
import { critic } from './rules/critic';
import { delimitedText, raisedText } from './rules/delimitedText';
import { footnotes } from './rules/footnotes';
import { headings } from './rules/headings';
import { htmlBlocks } from './rules/htmlBlocks';
import { icons } from './rules/icons';
import { keys } from './rules/keys';
import { links } from './rules/links';
import { mathematics } from './rules/math';
import { openApi } from './rules/openApi';
import { smartSymbols } from './rules/smartSymbols';
import { rawHtml } from './rules/rawHtml';
import { repositoryLinks } from './rules/repositoryLinks';
import { tablePipes } from './rules/tablePipes';
import { tableOfContentsMarker } from './rules/tableOfContentsMarker';
import { taskLists } from './rules/taskLists';

const MAX_NESTING = 60;

/** Schemes that a link may have. Everything else stays text. */
const SAFE_LINK =
  /^(?:https?:|mailto:|tel:|ftp:|sms:|xmpp:|matrix:|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;
const SAFE_IMAGE_DATA = /^data:image\/(?:png|gif|jpeg|webp|avif);base64,/i;

/** Without one of these there is no address in a text. */
const LINK_SIGN = /[:@]|\/\/|www\./i;

/** Looks for the signs of a link first: the patterns of linkify take long on text that has none, which most has not. */
function passOverWithoutLinks(linkify: MarkdownIt['linkify']): void {
  const pretest = linkify.pretest.bind(linkify);
  const test = linkify.test.bind(linkify);
  linkify.pretest = text => LINK_SIGN.test(text) && pretest(text);
  linkify.test = text => LINK_SIGN.test(text) && test(text);
}

/** A parser for pages as mkdocs-techdocs-core reads them. It keeps nothing between pages. */
export function createMarkdown(options: {
  readonly breaks: boolean;
}): MarkdownIt {
  const markdown = new MarkdownIt({
    html: true,
    linkify: true,
    breaks: options.breaks,
    xhtmlOut: true,
  });
  markdown.set({ maxNesting: MAX_NESTING } as Parameters<MarkdownIt['set']>[0]);
  markdown.linkify.set({ fuzzyLink: false, fuzzyIP: false, fuzzyEmail: true });
  markdown.linkify.add('www.', {
    validate: (text, position) =>
      /^[\w-]+(?:\.[\w-]+)+(?:[/?#][^\s<>"')\]]*[^\s<>"')\].,;:!?])?/.exec(
        text.slice(position, position + 2000),
      )?.[0].length ?? 0,
    normalize: match => {
      match.url = `http://${match.url}`;
    },
  });
  passOverWithoutLinks(markdown.linkify);
  markdown.validateLink = url => {
    // Browsers drop white space and control characters inside a scheme
    // eslint-disable-next-line no-control-regex
    const bare = url.replace(/[\x00-\x20\x7f-\xa0]/g, '');
    if (/^https?:\/\/(?![\w[\u0080-\uffff])/i.test(bare)) return false;
    return SAFE_LINK.test(bare) || SAFE_IMAGE_DATA.test(bare);
  };
  markdown.use(tablePipes);
  markdown.use(htmlBlocks);
  markdown.use(openApi);
  markdown.use(headings);
  markdown.use(admonitions);
  markdown.use(alerts);
  markdown.use(contentTabs);
  markdown.use(blocks);
  markdown.use(definitionLists);
  markdown.use(footnotes);
  markdown.use(abbreviations);
  markdown.use(emoji, { shortcuts: {} });
  markdown.use(icons);
  markdown.use(critic);
  markdown.use(keys);
  markdown.inline.ruler.disable('strikethrough');
  markdown.inline.ruler2.disable('strikethrough');
  delimitedText(markdown, { name: 'mark', marker: '=', tag: 'mark' });
  delimitedText(markdown, { name: 'insert', marker: '^', tag: 'ins' });
  delimitedText(markdown, { name: 'delete', marker: '~', tag: 'del' });
  raisedText(markdown, { name: 'superscript', marker: '^', tag: 'sup' });
  raisedText(markdown, { name: 'subscript', marker: '~', tag: 'sub' });
  markdown.use(mathematics);
  markdown.use(taskLists);
  markdown.use(attributeLists);
  markdown.use(smartSymbols);
  markdown.use(repositoryLinks);
  markdown.use(links);
  markdown.use(tableOfContentsMarker);
  markdown.use(codeBlocks);
  markdown.use(rawHtml);
  const { rules } = markdown.renderer;
  rules.permalink = (tokens, index) =>
    `<a class="headerlink" href="#${markdown.utils.escapeHtml(
      tokens[index].meta.id,
    )}" title="Permanent link">${markdown.utils.escapeHtml(
      tokens[index].meta.sign,
    )}</a>`;
  return markdown;
}
