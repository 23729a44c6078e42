import {
  compactText,
  normalizeText,
  splitWords,
} from '@waystone/plugin-search-common';
import type { SearchGroup } from '@waystone/plugin-search-common';

/** How many words of a document are known. */
const MOST_WORDS = 2_000;

/** What of a text is kept for excerpts. */
const LONGEST_BODY = 20_000;

const LONGEST_TITLE = 300;
const LONGEST_DETAIL = 500;

/** A longer name is compared by its beginning. An entry of an index has to be shorter than a third of a page. */
const LONGEST_KEY = 200;

/** Something that search finds, as its source describes it. */
export interface SearchDocument {
  /** Unique among all documents. */
  readonly key: string;
  readonly type: string;
  readonly kind: string;
  readonly group: SearchGroup;
  readonly title: string;
  /** What it is called besides its title. */
  readonly names: readonly string[];
  readonly detail?: string;
  /** What else leads to it. */
  readonly words?: readonly string[];
  readonly body?: string;
  readonly location: string;
  readonly entityRef?: string;
  readonly owner?: string;
  readonly specType?: string;
  readonly lifecycle?: string;
  /** Of two that match as well, the one with more comes first. */
  readonly weight: number;
  /** Decides where even the weight does not. */
  readonly popularity?: number;
}

/** A row of `waystone_search_documents` but for its vectors, which are still lists of words. */
export interface DocumentRow {
  readonly key: string;
  readonly type: string;
  readonly kind: string;
  readonly section: string;
  readonly entity_id: string | undefined;
  readonly entity_ref: string | undefined;
  readonly owner: string | undefined;
  readonly spec_type: string | undefined;
  readonly lifecycle: string | undefined;
  readonly title: string;
  readonly detail: string | undefined;
  readonly body: string | undefined;
  readonly location: string;
  readonly weight: number;
  readonly popularity: number;
  readonly name_key: string;
  readonly title_key: string;
  readonly name_words: readonly string[];
  readonly all_words: readonly string[];
  readonly run: string | undefined;
}

/** What is stored of a document. */
export function toRow(
  document: SearchDocument,
  source: { readonly entityId?: string; readonly run?: string },
): DocumentRow {
  const [name, other = document.title] = document.names;
  const nameWords = new Set(
    splitWords([document.title, ...document.names].join(' '), MOST_WORDS),
  );
  const allWords = new Set([
    ...nameWords,
    ...splitWords(
      [document.detail, ...(document.words ?? []), document.body].join(' '),
      MOST_WORDS,
    ),
  ]);
  return {
    key: storable(document.key),
    type: document.type,
    kind: document.kind,
    section: document.group,
    entity_id: source.entityId,
    entity_ref: document.entityRef,
    owner: document.owner,
    spec_type: optional(document.specType, LONGEST_TITLE),
    lifecycle: optional(document.lifecycle, LONGEST_TITLE),
    title: storable(document.title).slice(0, LONGEST_TITLE),
    detail: optional(document.detail, LONGEST_DETAIL),
    body: optional(document.body, LONGEST_BODY),
    location: storable(document.location),
    weight: document.weight,
    popularity: document.popularity ?? 0,
    name_key: compactText(name ?? document.title).slice(0, LONGEST_KEY),
    title_key: compactText(other).slice(0, LONGEST_KEY),
    name_words: [...nameWords],
    all_words: [...allWords].slice(0, MOST_WORDS),
    run: source.run,
  };
}

/** The value of a field as filters compare it. */
export function toFilterValue(value: string): string {
  return normalizeText(value.trim());
}

/** PostgreSQL has no text with a NUL, and none with half a character. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function optional(
  text: string | undefined,
  longest: number,
): string | undefined {
  return text === undefined
    ? undefined
    : storable(text).slice(0, longest).toWellFormed();
}
