import { RE2JS } from 're2js';
import type { Labels } from './Labels';
import { PromqlError } from './PromqlError';
import { mergeSameLabels } from './Value';
import type { StepSeries } from './Value';

/**
 * `label_replace`: sets a label from what a pattern finds in another one.
 *
 * @internal
 */
export function replaceLabel(
  series: readonly StepSeries[],
  [target, replacement, source, pattern]: readonly string[],
): readonly StepSeries[] {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(`^(?s:${pattern})$`);
  } catch {
    // The reason is not part of what Prometheus says.
    throw new PromqlError(
      'execution',
      `invalid regular expression in label_replace(): ${pattern}`,
    );
  }
  if (target === '') {
    throw new PromqlError(
      'execution',
      `invalid destination label name in label_replace(): ${target}`,
    );
  }
  const groupNames = expression.namedGroups();
  return relabel(series, labels => {
    const matcher = expression.matcher(labels.get(source));
    if (!matcher.find()) {
      return labels;
    }
    const readGroup = (name: string): string => {
      const index = /^\d+$/.test(name) ? Number(name) : groupNames[name];
      return index !== undefined && index <= matcher.groupCount()
        ? matcher.group(index) ?? ''
        : '';
    };
    return labels.with(target, expand(replacement, readGroup));
  });
}

/** `label_join`: sets a label to the values of others. */
export function joinLabels(
  series: readonly StepSeries[],
  [target, separator, ...sources]: readonly string[],
): readonly StepSeries[] {
  for (const [kind, name] of [
    ...sources.map(source => ['source', source]),
    ['destination', target],
  ]) {
    if (name === '') {
      throw new PromqlError(
        'execution',
        `invalid ${kind} label name in label_join(): ${name}`,
      );
    }
  }
  return relabel(series, labels =>
    labels.with(
      target,
      sources.map(source => labels.get(source)).join(separator),
    ),
  );
}

function relabel(
  series: readonly StepSeries[],
  change: (labels: Labels) => Labels,
): readonly StepSeries[] {
  return mergeSameLabels(
    series.map(item => ({ ...item, labels: change(item.labels) })),
  );
}

/** Inserts groups as Go's `Regexp.Expand` does: `$1`, `${1}`, `$name`, `$$`. */
function expand(template: string, readGroup: (name: string) => string): string {
  return template.replace(
    /\$(?:\$|\{(\w+)\}|(\w+))/g,
    (match, inBraces?: string, plain?: string) =>
      match === '$$' ? '$' : readGroup((inBraces ?? plain)!),
  );
}

/** The labels that `absent` gives its result: those that the selector fixes. */
export function labelsOfAbsent(
  matchers: readonly {
    readonly name: string;
    readonly operator: string;
    readonly value: string;
  }[],
): Record<string, string> {
  const fixed = new Map<string, string>();
  const dropped = new Set<string>(['__name__']);
  for (const { name, operator, value } of matchers) {
    if (operator === '=' && !fixed.has(name) && !dropped.has(name)) {
      fixed.set(name, value);
    } else {
      dropped.add(name);
      fixed.delete(name);
    }
  }
  return Object.fromEntries(fixed);
}
