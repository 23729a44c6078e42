import { createMockDirectory } from '@backstage/backend-test-utils';
import { FileReaderProcessor } from '@backstage/plugin-catalog-backend';
import { parseEntityYaml } from '@backstage/plugin-catalog-node';
import type {
  CatalogProcessorCache,
  CatalogProcessorResult,
} from '@backstage/plugin-catalog-node';
import { ExcerptFreeReader } from './ExcerptFreeReader';

describe('ExcerptFreeReader', () => {
  const folder = createMockDirectory();

  const read = async (content: string) => {
    folder.setContent({ 'catalog-info.yaml': content });
    const results: CatalogProcessorResult[] = [];
    const handled = await new ExcerptFreeReader(
      new FileReaderProcessor(),
    ).readLocation(
      { type: 'file', target: folder.resolve('catalog-info.yaml') },
      false,
      result => results.push(result),
      async function* parse({ data, location }) {
        yield* parseEntityYaml(data, location);
      },
      {} as CatalogProcessorCache,
    );
    expect(handled).toBe(true);
    return results;
  };

  it('says where the file is broken, and nothing of what is in it', async () => {
    const results = await read('kind: Component\n\tpassword: hunter2\n');
    const [error] = results.filter(result => result.type === 'error');
    expect(error.error.message).toMatch(
      /^YAML error at file:.*Tabs are not allowed.* at line 2, column 1$/,
    );
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it('reads what is fine as before', async () => {
    const results = await read(
      'apiVersion: a\nkind: Component\nmetadata: { name: b }\n',
    );
    expect(results).toContainEqual(
      expect.objectContaining({
        type: 'entity',
        entity: expect.objectContaining({ kind: 'Component' }),
      }),
    );
  });

  it('leaves other locations to others', async () => {
    await expect(
      new ExcerptFreeReader(new FileReaderProcessor()).readLocation(
        { type: 'other', target: 'x' },
        false,
        jest.fn(),
        jest.fn(),
        {} as CatalogProcessorCache,
      ),
    ).resolves.toBe(false);
  });
});
