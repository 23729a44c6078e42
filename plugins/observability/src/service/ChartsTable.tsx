import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MetricsResponse } from '@waystone/plugin-observability-common';
import { ListTable } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { formatValue } from '../shared/formatValue';
import { observabilityTranslationRef } from '../translation';

/** How many rows the table has at most: as many as a person reads. */
const ROWS = 48;

/** The values of all charts, the newest first, for who does not see charts or wants the numbers. */
export function ChartsTable(props: { response: MetricsResponse }) {
  const { charts, end, start, step } = props.response;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const length = Math.round((end - start) / step) + 1;
  const every = Math.max(1, Math.ceil(length / ROWS));
  const indexes = Array.from(
    { length: Math.ceil(length / every) },
    (_, row) => length - 1 - row * every,
  );
  const columns: ListColumn<number>[] = [
    {
      id: 'time',
      label: t('column.time'),
      render: index =>
        new Date((start + index * step) * 1000).toLocaleString('en-GB', {
          day: 'numeric',
          month: 'short',
          hour: '2-digit',
          minute: '2-digit',
        }),
    },
    ...charts.flatMap(({ id: chart, series, unit }) =>
      series.map(
        ({ id, values, yesterday }): ListColumn<number> => ({
          id: `${chart} ${id}`,
          label: t(`charts.series.${id}` as 'charts.series.requests'),
          isNumber: true,
          render: index => (
            <>
              {formatValue(values[index], unit)}
              {yesterday && <> ({formatValue(yesterday[index], unit)})</>}
            </>
          ),
        }),
      ),
    ),
  ];
  return (
    <ListTable
      label={t('charts.tableLabel')}
      columns={columns}
      items={indexes}
      keyOf={String}
    />
  );
}
