import type { RJSFSchema } from '@rjsf/utils';

/**
 * The schema of a definition as the form shows it.
 *
 * @remarks
 * Structural schemas of Kubernetes have all fields of an object in one place, and `oneOf` only says which of them must be
 * set. Forms show the fields of the alternative that is chosen, so they are moved into it; what may be left out can be
 * chosen to be nothing.
 */
export function toFormSchema(
  schema: Readonly<Record<string, unknown>>,
  options: { readonly nothing: string },
): RJSFSchema {
  return convert(schema as RJSFSchema, true, options.nothing);
}

function convert(
  schema: RJSFSchema,
  isRequired: boolean,
  nothing: string,
): RJSFSchema {
  const { items, oneOf, properties, required = [] } = schema;
  const converted: RJSFSchema = {
    ...schema,
    ...(typeof items === 'object' &&
      !Array.isArray(items) && {
        // A value of a list is called as the list is, and not by its key
        items: {
          ...(schema.title &&
            (items as RJSFSchema).type !== 'object' && { title: schema.title }),
          ...convert(items as RJSFSchema, true, nothing),
        },
      }),
  };
  if (!properties) {
    return converted;
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [
      name,
      convert(field as RJSFSchema, required.includes(name), nothing),
    ]),
  );
  const alternatives = oneOf?.map(alternative =>
    requiredOnly(alternative as RJSFSchema, fields),
  );
  if (!alternatives?.every(names => names !== undefined)) {
    return { ...converted, properties: fields };
  }
  const moved = new Set(alternatives.flat());
  return {
    ...converted,
    properties: Object.fromEntries(
      Object.entries(fields).filter(([name]) => !moved.has(name)),
    ),
    oneOf: [
      // Without fields; as long as nothing is typed the form stays with what was chosen.
      ...(isRequired ? [] : [{ type: 'null' as const, title: nothing }]),
      ...alternatives.map(names => ({
        title: names.map(name => fields[name].title ?? name).join(', '),
        properties: Object.fromEntries(names.map(name => [name, fields[name]])),
        required: names,
      })),
    ],
  };
}

/** The fields that an alternative asks for, if that is all that it does. */
function requiredOnly(
  alternative: RJSFSchema,
  fields: Readonly<Record<string, unknown>>,
): string[] | undefined {
  const { required, ...rest } = alternative;
  return Object.keys(rest).length === 0 &&
    required?.every(name => Object.hasOwn(fields, name))
    ? required
    : undefined;
}
