import { createMockDirectory } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { FilePlaceholderProcessor } from './FilePlaceholderProcessor';

describe('FilePlaceholderProcessor', () => {
  const dir = createMockDirectory();
  const processor = new FilePlaceholderProcessor();
  const emit = jest.fn();

  const api = (definition: unknown): Entity => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name: 'orders-api', tags: ['rest'] },
    spec: { type: 'openapi', definition: definition as string },
  });
  const process = (definition: unknown, type = 'file') =>
    processor.preProcessEntity(
      api(definition),
      { type, target: dir.resolve('orders/catalog-info.yaml') },
      emit,
    );

  beforeEach(() => {
    emit.mockClear();
    dir.setContent({
      orders: {
        'catalog-info.yaml': '',
        'api.yaml': 'openapi: 3.1.0',
        v2: { 'api.yaml': 'openapi: 3.1.1' },
        'secret-link': ctx => ctx.symlink('../secret.txt'),
      },
      'secret.txt': 'not for the catalog',
    });
  });

  it('should read files beside the entity and below, and leave the rest as it was', async () => {
    await expect(process({ $text: './api.yaml' })).resolves.toEqual(
      api('openapi: 3.1.0'),
    );
    await expect(process({ $text: 'v2/api.yaml' })).resolves.toEqual(
      api('openapi: 3.1.1'),
    );
    await expect(process('inline')).resolves.toEqual(api('inline'));
    expect(emit).toHaveBeenCalledWith({
      type: 'refresh',
      key: `file:${dir.resolve('orders/api.yaml')}`,
    });
  });

  it('should leave entities of other locations to the stock processor', async () => {
    await expect(process({ $text: './api.yaml' }, 'url')).resolves.toEqual(
      api({ $text: './api.yaml' }),
    );
  });

  it.each([
    ['../secret.txt', 'leaves the folder'],
    ['../../../../etc/passwd', 'leaves the folder'],
    ['/etc/passwd', 'leaves the folder'],
    ['secret-link', 'leaves the folder'],
    ['missing.yaml', 'there is no such file'],
  ])('should refuse %s: %s', async (path, message) => {
    const error = await process({ $text: path }).catch(e => e);
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(message);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('not for the catalog');
  });

  it('should refuse a placeholder that is no path', async () => {
    await expect(process({ $text: 7 })).rejects.toThrow(
      'has to be the relative path of a file',
    );
  });
});
