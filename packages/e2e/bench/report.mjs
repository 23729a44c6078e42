import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { show } from './figures.mjs';
import { STOCK_REFERENCE } from './stock.mjs';

const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

const ROWS = [
  {
    name: '`npm start` to ready, first (empty data)',
    key: 'firstStart',
    unit: 'seconds',
  },
  { name: '`npm start` to ready, later', key: 'laterStart', unit: 'seconds' },
  {
    name: 'Backend start to ready, first (migrations)',
    key: 'firstBackend',
    unit: 'seconds',
  },
  {
    name: 'Backend start to ready, later',
    key: 'laterBackend',
    unit: 'seconds',
  },
  {
    name: 'Resident memory of the backend, idle',
    key: 'memory',
    unit: 'megabytes',
  },
  {
    name: 'Resident memory of the sandbox, idle',
    key: 'sandboxMemory',
    unit: 'megabytes',
  },
  {
    name: 'First page: transferred, empty cache',
    key: 'firstTransferred',
    unit: 'kilobytes',
  },
  {
    name: 'First page: LCP, empty cache',
    key: 'firstLcp',
    unit: 'exactSeconds',
  },
  {
    name: 'First page: its content is there, empty cache',
    key: 'firstContent',
    unit: 'exactSeconds',
  },
  {
    name: 'Entity page: transferred, after the first page',
    key: 'entityTransferred',
    unit: 'kilobytes',
  },
  {
    name: 'Entity page: LCP, after the first page',
    key: 'entityLcp',
    unit: 'exactSeconds',
  },
  {
    name: 'Entity page: its content is there, after the first page',
    key: 'entityContent',
    unit: 'exactSeconds',
  },
];

/**
 * The figures as Markdown.
 *
 * @param {{ waystone: object, stock?: object, fresh?: Array<{ name: string, ms: number }>, commit: string, date: string }} options
 */
export function renderReport({ waystone, stock, fresh, commit, date }) {
  const machine = `${
    cpus().length
  } cores (${cpus()[0]?.model.trim()}), ${Math.round(
    totalmem() / 1024 ** 3,
  )} GB, ${type()} ${release()}, Node ${process.versions.node}`;
  const lines = [
    `Measured ${date} on ${machine}, at ${commit}.`,
    '',
    `| what | Waystone | stock${stock ? '' : ' (reference)'} |${
      stock ? ' ratio |' : ''
    }`,
    `| --- | ---: | ---: |${stock ? ' ---: |' : ''}`,
    ...ROWS.map(({ name, key, unit }) => {
      const own = waystone[key];
      const other = stock ? stock[key] : STOCK_REFERENCE[key];
      const shown = stock ? show[unit](other) : other ?? '';
      const ratio = stock && other ? `${(own / other).toFixed(2)}×` : '';
      return `| ${name} | ${show[unit](own)} | ${shown || '–'} |${
        stock ? ` ${ratio || '–'} |` : ''
      }`;
    }),
  ];
  lines.push(
    '',
    stock
      ? 'Stock: an app of `@backstage/create-app`, measured in the same run in the same way.'
      : `Stock: not measured in this run; figures of ${STOCK_REFERENCE.source}.`,
  );
  if (fresh) {
    lines.push(
      '',
      'From a fresh clone with empty caches to the first page. Database and sandbox start while the frontend builds.',
      '',
      '| step | time |',
      '| --- | ---: |',
      ...fresh.map(({ name, ms }) => `| ${name} | ${show.seconds(ms)} |`),
    );
  }
  return lines.join('\n');
}

/**
 * Replaces what stands between the markers of a file.
 *
 * @param {string} file
 * @param {string} report
 */
export async function writeReport(file, report) {
  const text = await readFile(file, 'utf8');
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) {
    throw new Error(`${file} has no markers ${START} and ${END}`);
  }
  await writeFile(file, `${before}${START}\n\n${report}\n\n${END}${after}`);
}
