import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { Preview } from '@waystone/plugin-golden-paths-common';
import { LoadingRows, Problem } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import { PreviewPanel } from './PreviewPanel';

const TEMPLATE = /\/templates\/([^/]+)\/([^/]+)\/?$/;

function PreviewInput(props: FieldExtensionComponentProps<null>) {
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const [, namespace, name] = TEMPLATE.exec(useLocation().pathname) ?? [];
  const { formData } = props.formContext as {
    formData?: Record<string, unknown>;
  };
  // What is in the form, as a text: the object is another one at every render
  const values = JSON.stringify(formData ?? {});
  const [state, setState] = useState<{ preview?: Preview; error?: unknown }>(
    {},
  );

  useEffect(() => {
    if (!name) {
      return undefined;
    }
    const controller = new AbortController();
    setState({});
    api
      .preview(
        `template:${decodeURIComponent(namespace)}/${decodeURIComponent(name)}`,
        JSON.parse(values),
        controller.signal,
      )
      .then(preview => setState({ preview }))
      .catch(error => {
        if (!controller.signal.aborted) {
          setState({ error });
        }
      });
    return () => controller.abort();
  }, [api, name, namespace, values]);

  if (state.error !== undefined) {
    return <Problem title={t('preview.failed')} error={state.error} />;
  }
  return state.preview ? (
    <PreviewPanel preview={state.preview} />
  ) : (
    <LoadingRows rows={6} label={t('preview.loading')} />
  );
}

/** `ui:field: GoldenPathPreview`: what a run would make, before it is started. */
export const PreviewField = createFormField({
  component: PreviewInput,
  name: 'GoldenPathPreview',
});
