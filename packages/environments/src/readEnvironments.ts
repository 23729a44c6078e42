import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { environmentSchema } from './Environment';
import type { Environment } from './Environment';
import { Environments } from './Environments';

const KEY = 'waystone.environments';

/**
 * Reads `waystone.environments`, in the backend or in the frontend. Without the key there are none.
 *
 * @throws InputError that names the key and what is wrong with its value.
 *
 * @public
 */
export function readEnvironments(config: Config): Environments {
  const items = config.getOptionalConfigArray(KEY) ?? [];
  const environments = items.map((item, index) =>
    readEnvironment(item, index, items.length),
  );
  environments.forEach(({ name }, index) => {
    if (environments.findIndex(each => each.name === name) !== index) {
      throw new InputError(
        `Invalid configuration at '${KEY}[${index}].name': '${name}' is there twice`,
      );
    }
  });
  return new Environments(environments);
}

function readEnvironment(
  item: Config,
  index: number,
  count: number,
): Environment {
  const name = item.getString('name');
  const parsed = environmentSchema.safeParse({
    name,
    title:
      item.getOptionalString('title') ??
      name.charAt(0).toUpperCase() + name.slice(1),
    cluster: item.getString('cluster'),
    namespace: item.getOptionalString('namespace') ?? '{system}-{environment}',
    argocd: item.getOptionalString('argocd'),
    promotion:
      item.getOptionalString('promotion') ?? (index === 0 ? 'auto' : 'manual'),
    protected:
      item.getOptionalBoolean('protected') ??
      (count > 1 && index === count - 1),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue.path.join('.');
    throw new InputError(
      `Invalid configuration at '${KEY}[${index}].${field}': ${issue.message}`,
    );
  }
  return parsed.data;
}
