import { useEffect, useState, type FormEvent } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { useTechDocsReaderPage } from '@backstage/plugin-techdocs-react';
import { Button, TextAreaField } from '@backstage/ui';
import { docsBuildApiRef } from '../api/DocsBuildClient';
import { techdocsNativeTranslationRef } from '../translation';
import styles from './FeedbackForm.module.css';

/** Asks whether the page helped; who says no is asked why. */
export function FeedbackForm({ page }: { page: string }) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const api = useApi(docsBuildApiRef);
  const toasts = useApi(toastApiRef);
  const { entityRef } = useTechDocsReaderPage();
  const [step, setStep] = useState<'ask' | 'why' | 'done'>('ask');
  const [comment, setComment] = useState('');

  useEffect(() => {
    setStep('ask');
    setComment('');
  }, [page]);

  const send = async (helpful: boolean) => {
    try {
      await api.sendFeedback(entityRef, {
        page: page.slice(0, 500),
        helpful,
        comment: comment.trim() || undefined,
      });
      setStep('done');
    } catch {
      toasts.post({ title: t('feedback.failed'), status: 'danger' });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };

  if (step === 'done') {
    return (
      <span role="status" className={styles.thanks}>
        {t('feedback.thanks')}
      </span>
    );
  }
  if (step === 'why') {
    return (
      <form className={styles.why} onSubmit={submit}>
        <TextAreaField
          label={t('feedback.comment')}
          value={comment}
          onChange={setComment}
          maxLength={2000}
          rows={3}
          // The reader has just asked for it
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
        <Button size="small" type="submit">
          {t('feedback.send')}
        </Button>
      </form>
    );
  }
  return (
    <span
      className={styles.question}
      role="group"
      aria-label={t('feedback.question')}
    >
      {t('feedback.question')}
      <Button size="small" variant="secondary" onPress={() => send(true)}>
        {t('feedback.yes')}
      </Button>
      <Button size="small" variant="secondary" onPress={() => setStep('why')}>
        {t('feedback.no')}
      </Button>
    </span>
  );
}
