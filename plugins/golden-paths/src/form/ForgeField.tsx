import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { Select } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import styles from './form.module.css';

/** A choice, if there is one. */
export function ForgeInput(props: {
  readonly formData?: string;
  readonly onChange: (host: string) => void;
  readonly schema: { readonly title?: string };
}) {
  const { formData, onChange, schema } = props;
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const [hosts, setHosts] = useState<readonly string[]>([]);

  useEffect(() => {
    const controller = new AbortController();
    api.listForges(controller.signal).then(
      ({ items }) => setHosts(items.map(({ host }) => host)),
      // Without a list, the default is taken
      () => {},
    );
    return () => controller.abort();
  }, [api]);

  // With one there is nothing to choose
  return hosts.length > 1 ? (
    <div className={styles.field}>
      <Select
        label={schema.title ?? t('form.forge')}
        options={hosts.map(host => ({ value: host, label: host }))}
        value={formData ?? hosts[0]}
        onChange={value => onChange(String(value))}
      />
    </div>
  ) : null;
}

/** `ui:field: GoldenPathForge`: the forge of a new repository, where there are several. */
export const ForgeField = createFormField({
  component: ForgeInput,
  name: 'GoldenPathForge',
});
