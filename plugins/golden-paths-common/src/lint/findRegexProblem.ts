import { RegExpParser } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';

/** Repetitions of more than this are taken for endless. */
const MANY = 20;

/** Of these two, a text of a few hundred characters takes no time to speak of. */
const MOST_IN_A_CHAIN = 2;

const CHARACTERS = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(index + 32)),
  '\t',
  '\n',
  'é',
];

type Loop = AST.Quantifier;

/**
 * Says why the time that a regular expression takes may double with every character, if so.
 *
 * @remarks
 * Strict: it refuses every repetition whose rounds cannot be told apart by their first character, also some that are
 * harmless. `(-[a-z]+)*` is fine, `([a-z]+)*` and `(a|ab)*` are not.
 *
 * @public
 */
export function findRegexProblem(source: string): string | undefined {
  let pattern: AST.Pattern;
  try {
    pattern = new RegExpParser().parsePattern(source, 0, source.length, {
      unicode: false,
    });
  } catch (error) {
    return `It is no regular expression: ${(error as Error).message}`;
  }
  if (source.length > 500) {
    return 'It has more than 500 characters';
  }
  const loops = collect(pattern);
  const bad = loops.find(loop => isEndless(loop) && isAmbiguous(loop));
  if (bad) {
    return `'${bad.raw}' repeats what can be read in several ways, so that a text of a few dozen characters can take for ever`;
  }
  return hasLongChain(pattern)
    ? `It has more than ${MOST_IN_A_CHAIN} repetitions of the same characters one after the other, so that a text of a few hundred characters can take for ever`
    : undefined;
}

/** Repetitions that share a text among them: the time grows with its length to the power of their number. */
function hasLongChain(node: AST.Pattern | AST.Group | AST.CapturingGroup) {
  return node.alternatives.some(({ elements }): boolean => {
    let chain: { length: number; of: Set<string> | undefined } | undefined;
    return elements.some(element => {
      const repeated =
        element.type === 'Quantifier' ? element.element : element;
      if (
        (repeated.type === 'Group' || repeated.type === 'CapturingGroup') &&
        hasLongChain(repeated)
      ) {
        return true;
      }
      if (element.type === 'Assertion') {
        return false;
      }
      const of = charactersOf(repeated);
      const goesOn =
        chain && (!of || !chain.of || overlap(of, chain.of))
          ? chain
          : undefined;
      if (element.type === 'Quantifier' && isEndless(element)) {
        chain = { length: (goesOn?.length ?? 0) + 1, of };
      } else if (element.type !== 'Quantifier' || element.min > 0) {
        chain = goesOn;
      }
      return (chain?.length ?? 0) > MOST_IN_A_CHAIN;
    });
  });
}

function isEndless({ max }: Loop): boolean {
  return max > MANY;
}

function isAmbiguous({ element }: Loop): boolean {
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') {
    return false;
  }
  const starts = element.alternatives.map(({ elements }) =>
    elements.length === 0 ? undefined : charactersOf(elements[0]),
  );
  // A round that may be empty, or that begins with a part that may be missing
  if (starts.some(start => start === undefined)) {
    return true;
  }
  const overlapping = starts.some((start, index) =>
    starts.slice(index + 1).some(other => overlap(start!, other!)),
  );
  if (overlapping) {
    return true;
  }
  const inner = element.alternatives.flatMap(({ elements }) =>
    elements.flatMap(collect).filter(isEndless),
  );
  return inner.some(loop => {
    const repeated = charactersOf(loop.element);
    // Where a round could also be the next part of the one before
    return (
      repeated === undefined || starts.some(start => overlap(start!, repeated))
    );
  });
}

/** What a part can begin with; undefined if it may be empty, or nobody knows. */
function charactersOf(node: AST.Element): Set<string> | undefined {
  switch (node.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet': {
      const one = new RegExp(`^(?:${node.raw})$`);
      return new Set(CHARACTERS.filter(character => one.test(character)));
    }
    case 'Quantifier':
      return node.min > 0 ? charactersOf(node.element) : undefined;
    case 'Group':
    case 'CapturingGroup': {
      const starts = node.alternatives.map(({ elements }) =>
        elements.length === 0 ? undefined : charactersOf(elements[0]),
      );
      return starts.includes(undefined)
        ? undefined
        : new Set(starts.flatMap(start => [...start!]));
    }
    default:
      return undefined;
  }
}

function overlap(a: Set<string>, b: Set<string>): boolean {
  return [...a].some(character => b.has(character));
}

function collect(node: AST.Node): Loop[] {
  switch (node.type) {
    case 'Quantifier':
      return [node, ...collect(node.element)];
    case 'Alternative':
      return node.elements.flatMap(collect);
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.flatMap(collect);
    case 'Assertion':
      return 'alternatives' in node ? node.alternatives.flatMap(collect) : [];
    default:
      return [];
  }
}
