/** @internal */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/**
 * What a function takes and returns.
 *
 * @internal
 */
export interface FunctionSignature {
  readonly name: string;
  readonly args: readonly ValueType[];
  /** How many more of the last argument may follow or be left out; -1 is any number. */
  readonly variadic: number;
  readonly returns: ValueType;
}

const RANGE = [
  'absent_over_time',
  'avg_over_time',
  'changes',
  'count_over_time',
  'delta',
  'deriv',
  'first_over_time',
  'idelta',
  'increase',
  'irate',
  'last_over_time',
  'max_over_time',
  'min_over_time',
  'present_over_time',
  'rate',
  'resets',
  'stddev_over_time',
  'stdvar_over_time',
  'sum_over_time',
];

const INSTANT = [
  'abs',
  'absent',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'ceil',
  'cos',
  'cosh',
  'deg',
  'exp',
  'floor',
  'histogram_avg',
  'histogram_count',
  'histogram_stddev',
  'histogram_stdvar',
  'histogram_sum',
  'ln',
  'log10',
  'log2',
  'rad',
  'sgn',
  'sin',
  'sinh',
  'sort',
  'sort_desc',
  'sqrt',
  'tan',
  'tanh',
  'timestamp',
];

const DATE = [
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'year',
];

/**
 * The functions of Prometheus 3 without the experimental ones.
 *
 * @internal
 */
export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map(
  [
    ...RANGE.map(name => define(name, ['matrix'])),
    ...INSTANT.map(name => define(name, ['vector'])),
    ...DATE.map(name => define(name, ['vector'], 'vector', 1)),
    define('clamp', ['vector', 'scalar', 'scalar']),
    define('clamp_max', ['vector', 'scalar']),
    define('clamp_min', ['vector', 'scalar']),
    define('histogram_fraction', ['scalar', 'scalar', 'vector']),
    define('histogram_quantile', ['scalar', 'vector']),
    define(
      'label_join',
      ['vector', 'string', 'string', 'string'],
      'vector',
      -1,
    ),
    define('label_replace', ['vector', 'string', 'string', 'string', 'string']),
    define('pi', [], 'scalar'),
    define('predict_linear', ['matrix', 'scalar']),
    define('quantile_over_time', ['scalar', 'matrix']),
    define('round', ['vector', 'scalar'], 'vector', 1),
    define('scalar', ['vector'], 'scalar'),
    define('time', [], 'scalar'),
    define('vector', ['scalar']),
  ].map(signature => [signature.name, signature]),
);

/** Functions that a real Prometheus knows but refuses unless they are switched on. */
export const EXPERIMENTAL_FUNCTIONS: ReadonlySet<string> = new Set([
  'double_exponential_smoothing',
  'end',
  'histogram_quantiles',
  'info',
  'mad_over_time',
  'max_of',
  'min_of',
  'range',
  'sort_by_label',
  'sort_by_label_desc',
  'start',
  'start_timestamp',
  'step',
  'ts_of_first_over_time',
  'ts_of_last_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
]);

function define(
  name: string,
  args: readonly ValueType[],
  returns: ValueType = 'vector',
  variadic = 0,
): FunctionSignature {
  return { name, args, returns, variadic };
}
