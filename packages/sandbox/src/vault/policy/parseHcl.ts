/** A value of HCL; a block becomes an object below its labels, repeated blocks an array. */
export type HclValue =
  | string
  | number
  | boolean
  | null
  | HclValue[]
  | { [key: string]: HclValue };

type Token =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'word'; readonly value: string }
  | { readonly type: 'number'; readonly value: string }
  | { readonly type: 'sign'; readonly value: string }
  | { readonly type: 'end'; readonly value: '' };

const PATTERN =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\\n]|\\.)*)"|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.-]*)|([{}[\],=:])/y;

/**
 * Reads the part of HCL that policies are written in: blocks with labels, attributes, texts, numbers, booleans, lists
 * and objects. JSON is read by the same rules.
 *
 * @returns Every block and attribute in order, as pairs of its keys and its value.
 * @throws Error with the line of what cannot be read.
 */
export function parseHcl(text: string): HclEntry[] {
  const tokens = readTokens(text);
  let position = 0;
  const peek = () => tokens[position];
  const next = () => tokens[position++];
  const fail = (what: string): never => {
    throw new Error(
      `expected ${what} but found '${peek().value || 'the end'}'`,
    );
  };
  const take = (sign: string) => {
    if (peek().type !== 'sign' || peek().value !== sign) {
      fail(`'${sign}'`);
    }
    position++;
  };
  const isSign = (sign: string) =>
    peek().type === 'sign' && peek().value === sign;

  function readValue(): HclValue {
    const token = next();
    if (token.type === 'text') {
      return token.value;
    }
    if (token.type === 'number') {
      return Number(token.value);
    }
    if (token.type === 'word') {
      const words: Record<string, HclValue> = {
        true: true,
        false: false,
        null: null,
      };
      if (token.value in words) {
        return words[token.value];
      }
    }
    if (token.value === '[' && token.type === 'sign') {
      const items: HclValue[] = [];
      while (!isSign(']')) {
        items.push(readValue());
        if (!isSign(']')) {
          take(',');
        }
      }
      take(']');
      return items;
    }
    if (token.value === '{' && token.type === 'sign') {
      const entries = readEntries('}');
      take('}');
      return toObject(entries);
    }
    position--;
    return fail('a value');
  }

  function readEntries(end: '}' | ''): HclEntry[] {
    const entries: HclEntry[] = [];
    while (end ? !isSign(end) : peek().type !== 'end') {
      const keys: string[] = [];
      while (peek().type === 'word' || peek().type === 'text') {
        keys.push(next().value);
      }
      if (keys.length === 0) {
        fail('a name');
      }
      if (isSign('=') || isSign(':')) {
        position++;
      } else if (!isSign('{')) {
        fail("'=' or '{'");
      }
      entries.push({ keys, value: readValue() });
      if (isSign(',')) {
        position++;
      }
    }
    return entries;
  }

  if (isSign('{')) {
    take('{');
    const entries = readEntries('}');
    take('}');
    if (peek().type !== 'end') {
      fail('the end');
    }
    return entries;
  }
  return readEntries('');
}

/** One block or attribute: `path "secret/*" { … }` has the keys `path` and `secret/*`. */
export interface HclEntry {
  readonly keys: readonly string[];
  readonly value: HclValue;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const start = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (!match) {
      const line = text.slice(0, start).split('\n').length;
      throw new Error(`illegal character at line ${line}`);
    }
    const [, quoted, number, word, sign] = match;
    if (quoted !== undefined) {
      tokens.push({ type: 'text', value: unquote(quoted) });
    } else if (number !== undefined) {
      tokens.push({ type: 'number', value: number });
    } else if (word !== undefined) {
      tokens.push({ type: 'word', value: word });
    } else if (sign !== undefined) {
      tokens.push({ type: 'sign', value: sign });
    }
  }
  tokens.push({ type: 'end', value: '' });
  return tokens;
}

function unquote(text: string): string {
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_all, code: string | undefined, letter: string) =>
      code
        ? String.fromCharCode(parseInt(code, 16))
        : escapes[letter] ?? letter,
  );
}

function toObject(entries: readonly HclEntry[]): { [key: string]: HclValue } {
  // Without a prototype, so that no name in a policy means more than itself.
  const object = Object.create(null) as { [key: string]: HclValue };
  for (const { keys, value } of entries) {
    object[keys.join(' ')] = value;
  }
  return object;
}
