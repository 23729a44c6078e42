import { Environment } from '@marcbachmann/cel-js';
import { isObject } from '../patch/jsonValues';
import type { JsonSchema, ValidationRule } from '../schema/JsonSchema';
import type { FieldError } from '../write/statusErrors';

type Program = (variables: object) => unknown;

/** Rules by their text; undefined for those that cannot be read. */
const programs = new Map<string, Program | undefined>();
const withRules = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has rules in CEL, at any depth. */
export function hasRules(schema: JsonSchema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) {
    known =
      (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
      below(schema).some(hasRules);
    withRules.set(schema, known);
  }
  return known;
}

/**
 * Checks the rules in CEL (`x-kubernetes-validations`) of a schema.
 *
 * @param old - the value before, for rules that mention `oldSelf`
 * @param onUnreadable - is told of rules that cannot be evaluated here, once each
 */
export function validateRules(
  schema: JsonSchema,
  value: unknown,
  old: unknown,
  path: string,
  onUnreadable: (rule: string) => void,
): FieldError[] {
  if (value === undefined || value === null || !hasRules(schema)) {
    return [];
  }
  const errors: FieldError[] = [];
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const error = checkRule(schema, rule, value, old, path, onUnreadable);
    if (error) {
      errors.push(error);
    }
  }
  const visit = (
    part: JsonSchema | undefined,
    item: unknown,
    before: unknown,
    field: string,
  ) => {
    if (part) {
      errors.push(...validateRules(part, item, before, field, onUnreadable));
    }
  };
  if (Array.isArray(value)) {
    const keys = schema['x-kubernetes-list-map-keys'];
    value.forEach((item, index) => {
      const before =
        keys && Array.isArray(old)
          ? old.find(candidate =>
              keys.every(key => candidate?.[key] === item?.[key]),
            )
          : undefined;
      visit(schema.items, item, before, `${path}[${index}]`);
    });
  } else if (isObject(value)) {
    const rest = schema.additionalProperties;
    for (const [name, item] of Object.entries(value)) {
      visit(
        schema.properties?.[name] ??
          (typeof rest === 'object' ? rest : undefined),
        item,
        isObject(old) ? old[name] : undefined,
        path ? `${path}.${name}` : name,
      );
    }
  }
  return errors;
}

function checkRule(
  schema: JsonSchema,
  rule: ValidationRule,
  value: unknown,
  old: unknown,
  path: string,
  onUnreadable: (rule: string) => void,
): FieldError | undefined {
  if (/\boldSelf\b/.test(rule.rule) && old === undefined) {
    return undefined;
  }
  const program = compile(rule.rule, onUnreadable);
  if (!program) {
    return undefined;
  }
  const variables = {
    self: toCel(schema, value),
    ...(old !== undefined && { oldSelf: toCel(schema, old) }),
  };
  let outcome: unknown;
  try {
    outcome = program(variables);
  } catch {
    // What this evaluator does not know (functions of Kubernetes) must not stop valid objects.
    onUnreadable(rule.rule);
    return undefined;
  }
  if (outcome === true) {
    return undefined;
  }
  return {
    type: 'Invalid value',
    field: rule.fieldPath ? `${path}${rule.fieldPath}` : path,
    value: schema.type ?? 'object',
    detail: messageOf(rule, variables, onUnreadable),
  };
}

function messageOf(
  rule: ValidationRule,
  variables: object,
  onUnreadable: (rule: string) => void,
): string {
  if (rule.messageExpression) {
    const program = compile(rule.messageExpression, onUnreadable);
    try {
      const text = program?.(variables);
      if (typeof text === 'string' && text) {
        return text;
      }
    } catch {
      // Then the message that is written out, or the rule itself, has to do.
    }
  }
  return rule.message?.trim() || `failed rule: ${rule.rule.trim()}`;
}

function compile(
  text: string,
  onUnreadable: (rule: string) => void,
): Program | undefined {
  if (!programs.has(text)) {
    try {
      const environment = new Environment({
        unlistedVariablesAreDyn: true,
        homogeneousAggregateLiterals: false,
      });
      programs.set(text, environment.parse(text) as unknown as Program);
    } catch {
      programs.set(text, undefined);
      onUnreadable(text);
    }
  }
  return programs.get(text);
}

/** CEL tells whole numbers from others by their type; JSON does not, the schema does. */
function toCel(schema: JsonSchema | undefined, value: unknown): unknown {
  if (typeof value === 'number') {
    const whole =
      schema?.type === 'integer' ||
      (schema?.type !== 'number' && Number.isInteger(value));
    return whole ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(item => toCel(schema?.items, item));
  }
  if (isObject(value)) {
    const rest = schema?.additionalProperties;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        toCel(
          schema?.properties?.[name] ??
            (typeof rest === 'object' ? rest : undefined),
          part,
        ),
      ]),
    );
  }
  return value;
}

function below(schema: JsonSchema): readonly JsonSchema[] {
  return [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object'
      ? [schema.additionalProperties]
      : []),
  ];
}
