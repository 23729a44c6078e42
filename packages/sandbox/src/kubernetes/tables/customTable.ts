import type { PrinterColumn } from '../resources/ResourceType';
import { findByJsonPath } from './jsonPath';
import { createLayout, formatAge } from './TableLayout';
import type { TableLayout } from './TableLayout';

const layouts = new WeakMap<readonly PrinterColumn[], TableLayout>();

/** The table of a custom resource, from the columns of its definition. */
export function createCustomTable(
  columns: readonly PrinterColumn[],
): TableLayout {
  let layout = layouts.get(columns);
  if (!layout) {
    layout = {
      columns: [
        ...createLayout([], () => []).columns,
        ...columns.map(column => ({
          name: column.name,
          type: column.type,
          format: column.format ?? '',
          description:
            column.description ??
            `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
          priority: column.priority ?? 0,
        })),
      ],
      cells: object => [
        object.metadata.name,
        ...columns.map(column => formatCell(column, object)),
      ],
    };
    layouts.set(columns, layout);
  }
  return layout;
}

function formatCell(column: PrinterColumn, object: object): unknown {
  const values = findByJsonPath(object, column.jsonPath);
  const [value] = values;
  if (value === undefined || value === null) {
    return column.type === 'date' ? '<unknown>' : null;
  }
  switch (column.type) {
    case 'date':
      return formatAge(String(value));
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return values
        .map(item => (typeof item === 'string' ? item : JSON.stringify(item)))
        .join(',');
  }
}
