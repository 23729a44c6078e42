import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Text, TextAreaField } from '@backstage/ui';
import type { FilledForm } from '@waystone/plugin-golden-paths-common';
import { Problem } from '@waystone/ui';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import styles from './form.module.css';

const EXAMPLE = `apiVersion: platform.waystone.dev/v1alpha1
kind: ServiceRequest
metadata:
  name: loyalty-points
spec:
  type: service
  language: nodejs
  owner: my-team
  system: my-system
  description: Keeps the points of customers.
  database: postgresql
`;

/** A ServiceRequest that is pasted fills in the form of its golden path. */
export function FromFilePage() {
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<FilledForm['problems']>([]);
  const [error, setError] = useState<unknown>();

  const open = async () => {
    setError(undefined);
    setProblems([]);
    try {
      const form = await api.fillForm(text);
      if (form.template && form.values) {
        const query = new URLSearchParams({
          formData: JSON.stringify(form.values),
        });
        navigate(`/create/templates/default/${form.template}?${query}`);
        return;
      }
      setProblems(form.problems);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <div className={styles.paste}>
      <Text>{t('file.help')}</Text>
      <TextAreaField
        label={t('file.label')}
        placeholder={EXAMPLE}
        value={text}
        onChange={setText}
      />
      {problems.length > 0 && (
        <Alert
          status="danger"
          icon
          title={t('file.wrong')}
          description={problems
            .map(({ line, message, suggestion }) =>
              [
                line === undefined
                  ? ''
                  : t('file.line', { line: String(line) }),
                message,
                suggestion ?? '',
              ]
                .filter(Boolean)
                .join(' '),
            )
            .join(' · ')}
        />
      )}
      {error !== undefined && (
        <Problem title={t('file.failed')} error={error} />
      )}
      <div>
        <Button isDisabled={text.trim() === ''} onPress={() => void open()}>
          {t('file.open')}
        </Button>
      </div>
    </div>
  );
}
