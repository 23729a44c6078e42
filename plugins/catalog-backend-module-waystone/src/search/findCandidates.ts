import type { SearchGroup, SearchQuery } from '@waystone/plugin-search-common';
import { compactText, splitQuestion } from '@waystone/plugin-search-common';
import type { Knex } from 'knex';
import type { SqlPart } from '../database/SqlPart';
import type { Visibility } from '../visibility/Visibility';
import {
  forgivenErrors,
  isAbbreviation,
  typingDistance,
} from './typingDistance';

/** How well a document answers, before its weight. Far enough apart for no weight to bridge two of the upper ones. */
const SCORES = {
  exact: 1_000,
  prefix: 800,
  words: 600,
  inside: 450,
  anywhere: 300,
  typing: 150,
} as const;

/** For each word of the question that is a whole word of the name. */
const WHOLE_WORD = 15;

/** What it costs to match by letters alone, where the question has several words: `order-s` asks for no `orders`. */
const OTHER_WORDS = 250;

/** What operations gain where the question begins as a path does. */
const PATH = 300;

/** How many matches of one way are looked at, before the best are kept. */
const MOST_LOOKED_AT = 1_500;

/** With as many good matches, nobody needs to be asked what she meant. */
const ENOUGH = 5;

/** With as many names, what is typed needs no descriptions and texts. */
const ENOUGH_AS_TYPED = 25;

/**
 * How alike a part of a name has to be to be looked at, as the share of its trigrams. An error costs up to three of
 * them; a long question has more to spare, and more names that share a word with it.
 */
const SIMILARITY = { short: 0.4, long: 0.5 };
const SHORT = 12;

/** The least that a question needs for letters in the middle of a name, and for errors in it. */
const SHORTEST_INSIDE = 3;
const SHORTEST_TYPING = 4;

/** A document that answers. */
export interface Candidate {
  readonly id: string;
  readonly score: number;
  readonly section: SearchGroup;
  readonly type: string;
  readonly weight: number;
  readonly popularity: number;
  readonly name: string;
}

interface CandidateRow extends Omit<Candidate, 'score'> {
  readonly tier: number;
  readonly whole: number;
  /** Whether its name has the words of the question. */
  readonly fits: boolean;
  readonly title?: string;
}

/**
 * The documents that answer a question, the best first.
 *
 * @param options.most - how many are looked for in each way of matching
 * @param options.trigrams - the schema of the extension, or undefined where it is missing
 */
export async function findCandidates(options: {
  readonly transaction: Knex.Transaction;
  readonly query: SearchQuery;
  readonly visibility: Visibility;
  readonly most: number;
  readonly trigrams: string | undefined;
}): Promise<Candidate[]> {
  const { most, query, transaction, trigrams } = options;
  const key = compactText(query.q.slice(0, 200));
  const words = splitQuestion(query.q);
  const filter = toFilter(query, options.visibility);
  const found = new Map<string, Candidate>();
  const path = /^\s*\//.test(query.q);
  const adjust = ({ fits, type }: CandidateRow) =>
    (fits ? 0 : -OTHER_WORDS) + (path && type === 'operation' ? PATH : 0);
  const run = async (
    stages: readonly SqlPart[],
    tierOf: (row: CandidateRow) => number | undefined = keepAll,
  ) => {
    const { rows } = await transaction.raw<{ rows: CandidateRow[] }>(
      stages.map(({ sql }) => `(${sql})`).join(' union all '),
      stages.flatMap(({ bindings }) => [...bindings]),
    );
    for (const row of rows) {
      const tier = tierOf(row);
      if (tier !== undefined) {
        add(found, row, tier + adjust(row));
      }
    }
  };
  const stage = (part: Stage) => toStage(part, { filter, most, words });

  if (!key) {
    // Nothing but filters: what is most connected comes first
    if (filter.narrow) {
      await run([stage({ tier: 0, where: 'true', bindings: [] })]);
    }
    return sorted(found);
  }
  const end = `${key}\u{10ffff}`;
  const named = toTsquery(words);
  await run([
    stage({ tier: SCORES.exact, where: 'd.name_key = ?', bindings: [key] }),
    stage({
      tier: SCORES.exact - 5,
      where: 'd.title_key = ?',
      bindings: [key],
    }),
    stage({
      tier: SCORES.prefix,
      where: 'd.name_key >= ? and d.name_key < ?',
      bindings: [key, end],
      order: 'd.name_key',
    }),
    stage({
      tier: SCORES.prefix - 5,
      where: 'd.title_key >= ? and d.title_key < ?',
      bindings: [key, end],
      order: 'd.title_key',
    }),
    // One letter begins too many words
    ...(key.length > 1 && words.length > 0
      ? [
          stage({
            tier: SCORES.words,
            where: 'd.name_words @@ ?::tsquery',
            bindings: [named],
          }),
        ]
      : []),
  ]);
  const wanted = query.perGroup ? ENOUGH_AS_TYPED : most;
  if (key.length > 1 && words.length > 0 && found.size < wanted) {
    await run([
      stage({
        tier: SCORES.anywhere,
        where: 'd.all_words @@ ?::tsquery',
        bindings: [named],
      }),
    ]);
  }
  const good = [...found.values()].filter(
    ({ score }) => score >= SCORES.inside,
  ).length;
  if (trigrams && key.length >= SHORTEST_INSIDE && good < ENOUGH) {
    await run([
      stage({
        tier: SCORES.inside,
        where: `(d.name_key || ' ' || d.title_key) like ?`,
        bindings: [`%${key}%`],
      }),
    ]);
    if (key.length >= SHORTEST_TYPING) {
      await transaction.raw(
        `select set_config('pg_trgm.word_similarity_threshold', ?, true)`,
        [String(key.length > SHORT ? SIMILARITY.long : SIMILARITY.short)],
      );
      await run([similarNames({ filter, key, most, trigrams })], row =>
        forgive(key, row),
      );
    }
  }
  return sorted(found);
}

interface Stage extends Omit<SqlPart, 'sql'> {
  readonly tier: number;
  readonly where: string;
  readonly order?: string;
}

const COLUMNS = `d.id::text, d.type, d.section, d.weight, d.popularity, d.name_key as name`;

function toStage(
  part: Stage,
  context: {
    readonly filter: SqlPart;
    readonly most: number;
    readonly words: readonly string[];
  },
): SqlPart {
  const { filter, most, words } = context;
  const whole = words
    .map(() => '(d.name_words @@ ?::tsquery)::int')
    .join(' + ');
  return {
    sql: `select ${COLUMNS}, ${part.tier}::int as tier, ${
      whole || '0'
    } as whole, ${part.tier} < ${SCORES.prefix - 5} or ${
      words.length > 1 ? 'd.name_words @@ ?::tsquery' : 'true'
    } as fits, null::text as title
      from (
        select * from waystone_search_documents d where ${part.where} and ${
      filter.sql
    } ${part.order ? `order by ${part.order}` : ''} limit ${MOST_LOOKED_AT}
      ) d order by d.weight desc, d.popularity desc, d.name_key, d.id limit ${most}`,
    bindings: [
      ...words.map(word => `'${word}'`),
      ...(words.length > 1 ? [toTsquery(words)] : []),
      ...part.bindings,
      ...filter.bindings,
    ],
  };
}

/** Names that share most of their groups of three letters with the question. */
function similarNames(options: {
  readonly filter: SqlPart;
  readonly key: string;
  readonly most: number;
  readonly trigrams: string;
}): SqlPart {
  const { filter, key, most, trigrams } = options;
  const names = `(d.name_key || ' ' || d.title_key)`;
  return {
    sql: `select ${COLUMNS}, 0 as tier, 0 as whole, true as fits, d.title
      from (
        select * from waystone_search_documents d
        where ${names} operator(${trigrams}.%>) ? and ${filter.sql} limit ${MOST_LOOKED_AT}
      ) d order by ${trigrams}.word_similarity(?, ${names}) desc, d.weight desc, d.id limit ${most}`,
    bindings: [key, ...filter.bindings, key],
  };
}

/** @returns How well a similar name answers, if the difference can be an error of typing or an abbreviation. */
function forgive(key: string, row: CandidateRow): number | undefined {
  const most = forgivenErrors(key.length);
  const title = compactText(row.title ?? '');
  for (const name of [row.name, title]) {
    if (isAbbreviation(key, name)) {
      return SCORES.typing + 60;
    }
  }
  const begins = [row.name, ...wordBegins(row.title ?? '')];
  let least: number | undefined;
  for (const begin of begins) {
    const distance = typingDistance(key, begin, most);
    if (distance !== undefined && (least === undefined || distance < least)) {
      least = distance;
    }
  }
  return least === undefined ? undefined : SCORES.typing - least * 20;
}

/** A title from each of its words on, without separators. */
function wordBegins(title: string): string[] {
  const words = splitQuestion(title);
  return words.map((_, index) => words.slice(index).join(''));
}

function keepAll(row: CandidateRow): number {
  return row.tier;
}

function add(
  found: Map<string, Candidate>,
  row: CandidateRow,
  tier: number,
): void {
  const score = tier + Number(row.whole) * WHOLE_WORD + row.weight;
  const known = found.get(row.id);
  if (!known || known.score < score) {
    const { id, name, popularity, section, type, weight } = row;
    found.set(id, { id, name, popularity, section, type, weight, score });
  }
}

function sorted(found: ReadonlyMap<string, Candidate>): Candidate[] {
  return [...found.values()].sort(
    (a, b) =>
      b.score - a.score ||
      b.popularity - a.popularity ||
      a.name.length - b.name.length ||
      (a.name < b.name && -1) ||
      (a.name > b.name && 1) ||
      Number(a.id) - Number(b.id),
  );
}

/** All words, each as a beginning. They are letters and digits, so that nothing has to be quoted. */
function toTsquery(words: readonly string[]): string {
  return words.map(word => `'${word}':*`).join(' & ');
}

/** Types that the catalog's own permission guards. Those of other plugins are asked for by name. */
const OWN_TYPES = ['entity', 'operation', 'docs'];

function toFilter(
  query: SearchQuery,
  visibility: Visibility,
): SqlPart & { readonly narrow: boolean } {
  const parts: [sql: string, ...bindings: Knex.RawBinding[]][] = [];
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values?.length) {
      parts.push([`${column} = any(?)`, [...values]]);
    }
  };
  oneOf('d.section', query.group && [query.group]);
  oneOf('d.kind', query.kind);
  oneOf(`split_part(d.entity_ref, ':', 1)`, query.entityKind);
  oneOf(
    `split_part(split_part(d.entity_ref, ':', 2), '/', 1)`,
    query.entityNamespace,
  );
  oneOf(`split_part(d.entity_ref, '/', 2)`, query.entityName);
  oneOf('d.owner', query.owner);
  oneOf('lower(d.lifecycle)', query.lifecycle);
  oneOf('lower(d.spec_type)', query.specType);
  const narrow = parts.length > 0 || query.types !== undefined;
  parts.push(['d.type = any(?)', query.types ?? OWN_TYPES]);
  if (visibility.extent !== 'all') {
    const visible = visibility.on('d');
    parts.push([
      `(d.entity_id is null or ${visible.sql})`,
      ...visible.bindings,
    ]);
  }
  return {
    narrow,
    sql: parts.map(([sql]) => sql).join(' and '),
    bindings: parts.flatMap(([, ...bindings]) => bindings),
  };
}
