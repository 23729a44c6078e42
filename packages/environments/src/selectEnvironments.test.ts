import { ConfigReader } from '@backstage/config';
import { readEnvironments } from './readEnvironments';
import { selectEnvironments } from './selectEnvironments';

const environments = readEnvironments(
  new ConfigReader({
    waystone: {
      environments: ['development', 'staging', 'production'].map(name => ({
        name,
        cluster: 'main',
      })),
    },
  }),
);
const select = (annotation: string | undefined) => {
  const { selected, unknown } = selectEnvironments(environments, annotation);
  return [selected.map(({ name }) => name), unknown];
};

describe('selectEnvironments', () => {
  it('takes all unless some are named', () => {
    const all = ['development', 'staging', 'production'];
    expect(select(undefined)).toEqual([all, []]);
    expect(select(' , ')).toEqual([all, []]);
  });

  it('keeps the order of the configuration, and tells what it does not know', () => {
    expect(select('staging, development,moon')).toEqual([
      ['development', 'staging'],
      ['moon'],
    ]);
    expect(select('moon')).toEqual([[], ['moon']]);
  });
});
