import { SearchField, Select } from '@backstage/ui';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import styles from './FilterBar.module.css';

/** The choice of all; no value of a list is called so. */
const ALL = '*';

/** How long typing must pause before the list is read. */
const PAUSE_MS = 200;

/**
 * The filters of a list in one line; on a small screen one below the other.
 *
 * @param props - `label` for screen readers
 *
 * @public
 */
export function FilterBar(props: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.bar} role="search" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/**
 * The search of a list: `onChange` is told once typing pauses.
 *
 * @param props - `value` is what the address says
 *
 * @public
 */
export function FilterSearch(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string | undefined) => void;
}) {
  const { label, onChange, value } = props;
  const [text, setText] = useState(value);
  // Such as when the filters are cleared
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) {
      return undefined;
    }
    const timer = setTimeout(
      () => onChange(text.trim() || undefined),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [onChange, text, value]);
  return (
    <div className={styles.search}>
      <SearchField
        aria-label={label}
        placeholder={label}
        size="small"
        value={text}
        onChange={setText}
      />
    </div>
  );
}

/**
 * What a {@link FilterSelect} offers.
 *
 * @public
 */
export interface FilterOption {
  readonly value: string;
  readonly label: string;
  /** How many items have it; in brackets behind the label. */
  readonly count?: number;
}

/**
 * One filter with its values. A value that is chosen stays in the list, even if nothing has it any more.
 *
 * @param props - `all` is the word for no choice, such as 'All owners'
 *
 * @public
 */
export function FilterSelect(props: {
  readonly label: string;
  readonly all: string;
  readonly options: readonly FilterOption[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly isDisabled?: boolean;
  /** For many values: their list can be searched. */
  readonly isSearchable?: boolean;
}) {
  const { all, isDisabled, isSearchable, label, onChange, options, value } =
    props;
  const known =
    !value || options.some(option => option.value === value)
      ? options
      : [{ value, label: value }, ...options];
  return (
    <Select
      aria-label={label}
      size="small"
      isDisabled={isDisabled}
      searchable={isSearchable}
      options={[
        { value: ALL, label: all },
        ...known.map(option => ({
          value: option.value,
          label:
            option.count === undefined
              ? option.label
              : `${option.label} (${option.count.toLocaleString('en')})`,
        })),
      ]}
      value={value ?? ALL}
      onChange={next => onChange(next === ALL ? undefined : String(next))}
    />
  );
}
