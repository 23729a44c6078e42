import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
} from '@backstage/ui';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Problem } from '@waystone/ui';
import { infrastructureTranslationRef } from '../translation';
import styles from './ActionDialog.module.css';

/** A button that opens a dialog with the exact act, and the verb on its button. */
export function ActionDialog(props: {
  label: string;
  /** Where several buttons of a page have the same label. */
  accessibleLabel?: string;
  title: string;
  confirm: string;
  isDestructive?: boolean;
  isPrimary?: boolean;
  isDisabled?: boolean;
  width?: number;
  onConfirm(): Promise<unknown>;
  onChange(): void;
  children: ReactNode;
}) {
  const { children, confirm, isDestructive, label, title, width } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      setOpen(false);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
    props.onChange();
  };
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button
        variant={props.isPrimary ? 'primary' : 'secondary'}
        aria-label={props.accessibleLabel}
      >
        {label}
      </Button>
      <Dialog width={width}>
        <DialogHeader>{title}</DialogHeader>
        <DialogBody>
          <form
            id={id}
            noValidate
            className={styles.form}
            onSubmit={event => {
              event.preventDefault();
              if (!props.isDisabled) {
                void submit();
              }
            }}
          >
            {children}
            {error !== undefined && (
              <Problem title={t('action.failed')} error={error} />
            )}
          </form>
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" slot="close">
            {t('action.cancel')}
          </Button>
          <Button
            type="submit"
            form={id}
            destructive={isDestructive}
            // Not `loading`: what it announces would outlive the dialog
            isDisabled={isBusy || props.isDisabled}
          >
            {confirm}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
