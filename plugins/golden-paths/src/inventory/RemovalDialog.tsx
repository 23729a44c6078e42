import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextField,
} from '@backstage/ui';
import type {
  CreatedResource,
  RemovalPreview,
} from '@waystone/plugin-golden-paths-common';
import { LoadingRows, Problem } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import styles from './RunInventory.module.css';

/** Shows what would be removed, in which order, and removes it. */
export function RemovalDialog(props: {
  taskId: string;
  resources: readonly CreatedResource[];
  onClose(): void;
}) {
  const { onClose, resources, taskId } = props;
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const [preview, setPreview] = useState<RemovalPreview>();
  const [previewError, setPreviewError] = useState<unknown>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [typed, setTyped] = useState('');

  useEffect(() => {
    const controller = new AbortController();
    api
      .previewRemoval(
        taskId,
        resources.map(({ id }) => id),
        controller.signal,
      )
      .then(setPreview)
      .catch(problem => {
        if (!controller.signal.aborted) {
          setPreviewError(problem);
        }
      });
    return () => controller.abort();
  }, [api, resources, taskId]);

  const steps = preview?.steps.filter(({ refused }) => !refused) ?? [];
  const repository = steps.find(
    ({ kind, present }) => kind === 'repository' && present,
  );
  const single = resources.length === 1 ? resources[0] : undefined;
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { failed } = await api.remove(
        taskId,
        steps.map(({ id }) => id),
      );
      if (failed) {
        setError(new Error(failed.message));
        setBusy(false);
        return;
      }
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && onClose()} width={560}>
      <DialogHeader>
        {single
          ? t('removal.titleOne', { title: single.title })
          : t('removal.titleAll', { count: resources.length })}
      </DialogHeader>
      <DialogBody>
        <div className={styles.body}>
          {!preview && !previewError && (
            <LoadingRows rows={3} label={t('removal.looking')} />
          )}
          {previewError !== undefined && (
            <Problem title={t('removal.previewFailed')} error={previewError} />
          )}
          {preview && (
            <>
              {!single && <Text>{t('removal.order')}</Text>}
              <ol className={styles.steps}>
                {preview.steps.map(step => (
                  <li key={step.id}>
                    <div>
                      {t(`inventory.kind.${step.kind}`)}{' '}
                      <strong>{step.title}</strong>
                    </div>
                    {step.refused && (
                      <div className={styles.warning}>
                        {t('removal.stays', { reason: step.refused })}
                      </div>
                    )}
                    {!step.present && (
                      <div className={styles.note}>{t('removal.gone')}</div>
                    )}
                    {step.notes.map(note => (
                      <div key={note} className={styles.note}>
                        {note}
                      </div>
                    ))}
                  </li>
                ))}
              </ol>
              {steps.length === 0 && <Text>{t('removal.nothing')}</Text>}
              {repository && (
                <TextField
                  label={t('removal.type', { name: repository.title })}
                  value={typed}
                  onChange={setTyped}
                  autoComplete="off"
                />
              )}
            </>
          )}
          {error !== undefined && (
            <Problem title={t('removal.failed')} error={error} />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('removal.cancel')}
        </Button>
        <Button
          destructive
          isDisabled={
            isBusy ||
            steps.length === 0 ||
            (repository !== undefined && typed !== repository.title)
          }
          onPress={() => void confirm()}
        >
          {single
            ? t('removal.confirmOne', { title: single.title })
            : t('removal.confirmAll', { count: steps.length })}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
