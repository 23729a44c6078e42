import { useEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { Marked } from '../results/Marked';
import { ALL_RESULTS } from './PaletteEntry';
import type { PaletteEntry, PaletteSection } from './PaletteEntry';
import styles from './PaletteList.module.css';

/** The list below the field. The focus stays in the field: keys are handled there. @internal */
export function PaletteList(props: {
  active: PaletteEntry | undefined;
  id: string;
  label: string;
  onChoose: (index: number) => void;
  onOpen: (entry: PaletteEntry, inNewTab: boolean) => void;
  question: string;
  sections: readonly PaletteSection[];
}) {
  const { active, id, label, onChoose, onOpen, question, sections } = props;
  const listRef = useRef<HTMLDivElement>(null);
  const entries = sections.flatMap(section => section.entries);

  useEffect(() => {
    listRef.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [active?.id]);

  return (
    <div
      aria-label={label}
      className={styles.list}
      id={id}
      ref={listRef}
      role="listbox"
      tabIndex={-1}
    >
      {sections.map(section => (
        <div
          aria-label={section.title || label}
          className={styles.section}
          key={section.id}
          role="group"
        >
          {section.title && (
            <div aria-hidden className={styles.heading}>
              {section.title}
            </div>
          )}
          {section.entries.map(entry => {
            const index = entries.indexOf(entry);
            return (
              // Keys are those of the field
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                aria-selected={entry === active}
                className={styles.entry}
                id={`${id}-${index}`}
                key={entry.id}
                onClick={(event: MouseEvent) =>
                  onOpen(entry, event.ctrlKey || event.metaKey)
                }
                // The field keeps the focus
                onMouseDown={event => event.preventDefault()}
                onMouseMove={() => entry !== active && onChoose(index)}
                role="option"
                tabIndex={-1}
              >
                <span aria-hidden className={styles.icon}>
                  {entry.icon}
                </span>
                <span className={styles.words}>
                  <span className={styles.title}>
                    <Marked
                      question={entry.id === ALL_RESULTS ? '' : question}
                      text={entry.title}
                    />
                  </span>
                  {entry.detail && (
                    <span className={styles.detail}>
                      <Marked question={question} text={entry.detail} />
                    </span>
                  )}
                </span>
                {entry.kind && (
                  <span className={styles.kind}>{entry.kind}</span>
                )}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
