import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon } from '@backstage/ui';
import { RiCloseLine, RiSearchLine } from '@remixicon/react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { commandPaletteTranslationRef } from '../translation';
import type { PaletteAction } from './PaletteActionBlueprint';
import styles from './PaletteDialog.module.css';
import type { PaletteEntry } from './PaletteEntry';
import { PaletteList } from './PaletteList';
import { useSections } from './useSections';
import { useSuggestions } from './useSuggestions';

/**
 * The open palette: a field with a list below (the combobox pattern of WAI-ARIA), in a dialog of the browser, which
 * keeps the focus and gives it back.
 *
 * @internal
 */
export function PaletteDialog(props: {
  actions: readonly PaletteAction[];
  onClose: () => void;
}) {
  const { actions, onClose } = props;
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const dialogRef = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState({ for: '', index: 0 });
  const [entered, setEntered] = useState(false);
  const question = typed.trim();
  const suggestions = useSuggestions(question);
  const sections = useSections({ actions, pathname, question, suggestions });
  const entries = sections.flatMap(section => section.entries);
  const index =
    chosen.for === question ? Math.min(chosen.index, entries.length - 1) : 0;
  const active = entries[Math.max(0, index)];

  useEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  const open = (entry: PaletteEntry, inNewTab: boolean) => {
    if (entry.href && inNewTab) {
      window.open(entry.href, '_blank', 'noopener');
      return;
    }
    onClose();
    if (entry.href) {
      navigate(entry.href);
    } else {
      entry.run?.();
    }
  };

  const waits = entered && !suggestions.loading;
  useEffect(() => {
    // Enter was pressed before the answer came: it meant the first result
    if (waits) {
      setEntered(false);
      if (active) {
        open(active, false);
      }
    }
    // Of the state when the answer came
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [waits]);

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: Math.min(index + 5, entries.length - 1),
      PageUp: Math.max(index - 5, 0),
    };
    if (event.key in moves && entries.length > 0) {
      event.preventDefault();
      setChosen({
        for: question,
        index: (moves[event.key] + entries.length) % entries.length,
      });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (suggestions.loading && chosen.for !== question) {
        setEntered(true);
      } else if (active) {
        open(active, event.ctrlKey || event.metaKey);
      }
    }
  };

  const nothing =
    question && !suggestions.loading && !suggestions.error && !active;
  return (
    // Keys are those of the field, and Esc is the dialog's own
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      aria-label={t('palette.label')}
      className={styles.dialog}
      onClose={onClose}
      ref={dialogRef}
      // A click beside it lands on the dialog itself; by keyboard Esc does the same
      onMouseDown={(event: MouseEvent) => {
        if (event.target === dialogRef.current) {
          onClose();
        }
      }}
    >
      <div className={styles.palette}>
        <div className={styles.field}>
          <RiSearchLine aria-hidden size={18} />
          <input
            aria-activedescendant={
              active ? `${listId}-${entries.indexOf(active)}` : undefined
            }
            aria-autocomplete="list"
            aria-controls={listId}
            aria-expanded={entries.length > 0}
            aria-label={t('palette.input')}
            autoComplete="off"
            // The dialog gives the focus to what asks for it
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            className={styles.input}
            maxLength={200}
            onChange={event => {
              setTyped(event.target.value);
              setEntered(false);
            }}
            onKeyDown={onKeyDown}
            placeholder={t('palette.input')}
            role="combobox"
            spellCheck={false}
            type="text"
            value={typed}
          />
          <ButtonIcon
            aria-label={t('palette.close')}
            className={styles.close}
            icon={<RiCloseLine />}
            onPress={onClose}
            size="small"
            variant="tertiary"
          />
        </div>
        <div className={styles.status} role="status">
          {suggestions.loading
            ? t('palette.searching')
            : question && t('palette.found', { count: entries.length })}
        </div>
        {suggestions.error && (
          <div className={styles.note} role="alert">
            <strong>{t('palette.failed')}</strong>
            <span>
              {suggestions.error.message} {t('palette.failedHelp')}
            </span>
            <Button
              onPress={suggestions.retry}
              size="small"
              variant="secondary"
            >
              {t('palette.retry')}
            </Button>
          </div>
        )}
        {nothing && (
          <div className={styles.note}>
            <strong>{t('palette.nothing', { query: question })}</strong>
            <span>{t('palette.nothingHelp')}</span>
          </div>
        )}
        <PaletteList
          active={active}
          id={listId}
          label={t('palette.list')}
          onChoose={at => setChosen({ for: question, index: at })}
          onOpen={open}
          question={question}
          sections={sections}
        />
        <div aria-hidden className={styles.keys}>
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> {t('palette.move')}
          </span>
          <span>
            <kbd>↵</kbd> {t('palette.open')}
          </span>
          <span>
            <kbd>Ctrl ↵</kbd> {t('palette.newTab')}
          </span>
          <span>
            <kbd>Esc</kbd> {t('palette.dismiss')}
          </span>
        </div>
      </div>
    </dialog>
  );
}
