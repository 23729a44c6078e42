/**
 * Compares a configuration with the JSON schemas of all packages. The stock validator converts types silently and accepts unknown keys; both are
 * what people get wrong most often.
 *
 * Each package has a schema of its own and knows only its own keys. So at every place there is a list of groups, one per schema that says
 * something about it; a group is a list of alternatives (`anyOf`). A key is known when any group knows it; a value must suit every group.
 *
 * @typedef {{ path: string[], text: string }} Mistake
 * @typedef {{ schema: any, root: any }} Alternative
 * @typedef {Alternative[]} Group
 */

/** What a schema that says nothing accepts. */
const ANYTHING = {};

/**
 * @param {any[]} schemas
 * @param {Record<string, unknown>} config - As merged from all files.
 * @returns {Mistake[]}
 */
export function findMistakes(schemas, config) {
  const mistakes = [];
  // A package whose schema names no key says nothing; read as "any key" it would make every key known.
  const groups = schemas
    .flatMap(schema => expand(schema, schema))
    .filter(group => group.some(({ schema }) => schema.properties));
  check(groups, config, [], mistakes);
  return mistakes;
}

/** @param {Group[]} groups @param {unknown} value @param {string[]} path @param {Mistake[]} mistakes */
function check(groups, value, path, mistakes) {
  if (value === null || value === undefined || groups.length === 0) return;
  const fitting = [];
  for (const group of groups) {
    const suits = group.filter(({ schema }) => accepts(schema, value));
    if (suits.length === 0) {
      mistakes.push({ path, text: typeMistake(group, value) });
      return;
    }
    fitting.push(suits);
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) =>
      check(itemGroups(fitting), item, [...path, String(index)], mistakes),
    );
  } else if (typeof value === 'object') {
    checkKeys(fitting, value, path, mistakes);
  }
}

function checkKeys(groups, value, path, mistakes) {
  for (const [key, child] of Object.entries(value)) {
    const below = groups
      .map(group => keyGroup(group, key))
      .filter(group => group.length > 0);
    if (below.length === 0) {
      const known = knownKeys(groups);
      const near = nearest(key, known);
      mistakes.push({
        path: [...path, key],
        text: `unknown key${
          near
            ? `; did you mean ${[...path, near].join('.')}?`
            : `; known here: ${known.slice(0, 12).join(', ')}${
                known.length > 12 ? ', …' : ''
              }`
        }`,
      });
      continue;
    }
    check(below.flatMap(regroup), child, [...path, key], mistakes);
  }
  for (const [only, ...others] of groups) {
    // With alternatives the missing key may belong to another one.
    if (others.length > 0) continue;
    for (const key of only.schema.required ?? []) {
      if (value[key] === undefined) {
        mistakes.push({ path: [...path, key], text: 'is missing' });
      }
    }
  }
}

/**
 * Resolves references and combinations.
 *
 * @param {any} schema
 * @param {any} root - The document that references are relative to.
 * @param {number} [depth]
 * @returns {Group[]}
 */
function expand(schema, root, depth = 0) {
  if (schema === true || schema === undefined || depth > 20) {
    return [[{ schema: ANYTHING, root }]];
  }
  if (schema === false) return [[{ schema: { type: [] }, root }]];
  if (schema.$ref) return expand(resolve(schema.$ref, root), root, depth + 1);
  const { allOf, anyOf, oneOf, ...own } = schema;
  const groups = [];
  for (const part of allOf ?? []) groups.push(...expand(part, root, depth + 1));
  for (const choices of [anyOf, oneOf]) {
    if (choices) {
      groups.push(
        choices.flatMap(choice => expand(choice, root, depth + 1).flat()),
      );
    }
  }
  const says = [
    'type',
    'properties',
    'items',
    'enum',
    'const',
    'additionalProperties',
    'patternProperties',
  ];
  if (groups.length === 0 || says.some(name => name in own)) {
    groups.push([{ schema: own, root }]);
  }
  return groups;
}

/** Alternatives may be references to further alternatives. */
function regroup(group) {
  if (group.length === 1) return expand(group[0].schema, group[0].root);
  return [group.flatMap(({ schema, root }) => expand(schema, root).flat())];
}

function resolve(reference, root) {
  if (!reference.startsWith('#')) return ANYTHING;
  let schema = root;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(part)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    schema = schema?.[key];
  }
  return schema ?? ANYTHING;
}

/** What a group says about one key: its schemas there; none when it doesn't know the key. */
function keyGroup(group, key) {
  return group.flatMap(({ schema, root }) => {
    if (Object.hasOwn(schema.properties ?? {}, key)) {
      return [{ schema: schema.properties[key], root }];
    }
    const patterns = Object.entries(schema.patternProperties ?? {}).filter(
      ([pattern]) => new RegExp(pattern).test(key),
    );
    if (patterns.length > 0) {
      return patterns.map(([, sub]) => ({ schema: sub, root }));
    }
    const rest = schema.additionalProperties;
    if (rest === false) return [];
    if (rest !== undefined) return [{ schema: rest, root }];
    return schema.properties || schema.patternProperties
      ? []
      : [{ schema: ANYTHING, root }];
  });
}

function itemGroups(groups) {
  return groups
    .map(group =>
      group.flatMap(({ schema, root }) =>
        schema.items && !Array.isArray(schema.items)
          ? [{ schema: schema.items, root }]
          : [{ schema: ANYTHING, root }],
      ),
    )
    .flatMap(regroup);
}

function knownKeys(groups) {
  return [
    ...new Set(
      groups
        .flat()
        .flatMap(({ schema }) => Object.keys(schema.properties ?? {})),
    ),
  ].sort();
}

/** The types a schema accepts; undefined for any. */
function typesOf(schema) {
  if (schema.type !== undefined) return [schema.type].flat();
  if (schema.const !== undefined) return [typeName(schema.const)];
  if (Array.isArray(schema.enum)) {
    return [...new Set(schema.enum.map(typeName))];
  }
  if (schema.properties || schema.patternProperties) return ['object'];
  if (schema.items) return ['array'];
  return undefined;
}

function accepts(schema, value) {
  const types = typesOf(schema);
  if (!types) return true;
  const found = typeName(value);
  if (types.includes(found)) return true;
  if (found === 'number' && types.includes('integer')) {
    return Number.isInteger(value);
  }
  // Values from the environment are always text; Backstage reads numbers and booleans from it.
  if (found === 'string') {
    const text = value.trim();
    if (types.includes('number') || types.includes('integer')) {
      if (text !== '' && !Number.isNaN(Number(text))) return true;
    }
    if (types.includes('boolean')) {
      return /^(true|false|yes|no|on|off|y|n|0|1)$/i.test(text);
    }
  }
  return false;
}

function typeMistake(group, value) {
  const types = [
    ...new Set(group.flatMap(({ schema }) => typesOf(schema) ?? [])),
  ];
  const expected =
    types.length > 1
      ? `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`
      : types[0] ?? 'nothing';
  return `expected ${expected}, found ${typeName(value)}`;
}

function typeName(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** @param {string} key @param {string[]} known @returns {string | undefined} */
export function nearest(key, known) {
  const limit = Math.max(1, Math.floor(key.length / 3));
  const [best] = known
    .map(candidate => ({
      candidate,
      distance: editDistance(key.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length];
}

/**
 * @param {any[]} configs - Later ones win; objects are merged, all else is replaced.
 * @returns {any}
 */
export function mergeConfigs(configs) {
  const isObject = value =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merge = (a, b) => {
    if (!isObject(a) || !isObject(b)) return b === undefined ? a : b;
    const result = { ...a };
    for (const key of Object.keys(b)) result[key] = merge(a[key], b[key]);
    return result;
  };
  return configs.reduce(merge, {});
}

/** @param {any} data @param {string[]} path @returns {boolean} */
export function hasPath(data, path) {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !(key in value)) {
      return false;
    }
    value = value[key];
  }
  return true;
}
