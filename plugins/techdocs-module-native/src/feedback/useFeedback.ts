import { useEffect, useState } from 'react';
import type { CompoundEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  DocsFeedbackQuery,
  DocsFeedbackReport,
} from '@waystone/plugin-techdocs-native-common';
import { docsBuildApiRef } from '../api/DocsBuildClient';

/** Opinions on one page of the list. */
export const FEEDBACK_PAGE_SIZE = 25;

/** What readers say of an entity's docs; the last answer stays while the next one is on its way. */
export function useFeedback(
  entity: CompoundEntityRef,
  query: Partial<DocsFeedbackQuery>,
) {
  const api = useApi(docsBuildApiRef);
  const [report, setReport] = useState<DocsFeedbackReport>();
  const [error, setError] = useState<Error>();
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const asked = JSON.stringify({ entity, query });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    const read = async () => {
      const question = JSON.parse(asked);
      try {
        const answer = await api.getFeedback(
          question.entity,
          question.query,
          signal,
        );
        if (signal.aborted) return;
        setReport(answer);
        setError(undefined);
      } catch (problem) {
        if (signal.aborted) return;
        setError(problem as Error);
      }
      setLoading(false);
    };
    void read();
    return () => controller.abort();
  }, [api, asked, attempt]);

  return { report, error, loading, reload: () => setAttempt(attempt + 1) };
}
