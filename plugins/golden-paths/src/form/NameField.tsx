import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { TextField } from '@backstage/ui';
import type { NameCheck } from '@waystone/plugin-golden-paths-common';
import { StateLabel } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import styles from './form.module.css';

/** How long after the last key a name is checked, in milliseconds. */
const PAUSE = 300;

function NameInput(props: FieldExtensionComponentProps<string>) {
  const { formContext, formData = '', onChange, rawErrors, schema } = props;
  const { disabled, uiSchema } = props;
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const host = hostOf(formContext);
  const [checked, setChecked] = useState<{ name: string; check: NameCheck }>();

  useEffect(() => {
    if (formData.length < 3) {
      return undefined;
    }
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const check = await api.checkName(formData, host, controller.signal);
        setChecked({ name: formData, check });
      } catch {
        // It is checked again when the form is sent
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, formData, host]);

  const check = checked?.name === formData ? checked.check : undefined;
  const problem = rawErrors?.[0] ?? check?.problem;
  return (
    <div className={styles.field}>
      <TextField
        name="name"
        label={schema.title ?? t('form.name')}
        description={schema.description}
        placeholder={uiSchema?.['ui:placeholder']}
        value={formData}
        onChange={onChange}
        isDisabled={disabled}
        isInvalid={problem !== undefined}
        isRequired
        autoComplete="off"
      />
      <div role="status" className={styles.check}>
        {problem !== undefined && (
          <StateLabel state="critical">{problem}</StateLabel>
        )}
        {problem === undefined && check?.available && (
          <StateLabel state="healthy">{t('form.nameFree')}</StateLabel>
        )}
      </div>
    </div>
  );
}

function hostOf(formContext: unknown): string | undefined {
  const { formData } = (formContext ?? {}) as {
    formData?: { host?: unknown };
  };
  return typeof formData?.host === 'string' ? formData.host : undefined;
}

/** `ui:field: GoldenPathName`: a name that nothing else has. */
export const NameField = createFormField({
  component: NameInput,
  name: 'GoldenPathName',
  validation: async (value, validation, { apiHolder }) => {
    const api = apiHolder.get(goldenPathsApiRef);
    const check = value ? await api?.checkName(value) : undefined;
    if (check?.problem) {
      validation.addError(check.problem);
    }
  },
});
