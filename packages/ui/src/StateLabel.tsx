import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiLoader4Line,
  RiQuestionFill,
} from '@remixicon/react';
import styles from './StateLabel.module.css';

/**
 * The five states of everything in the portal.
 *
 * @public
 */
export type State =
  | 'healthy'
  | 'progressing'
  | 'attention'
  | 'critical'
  | 'unknown';

const icons = {
  healthy: RiCheckboxCircleFill,
  progressing: RiLoader4Line,
  attention: RiAlertFill,
  critical: RiCloseCircleFill,
  unknown: RiQuestionFill,
};

/**
 * A state as icon, word and colour.
 *
 * @param props - `children` is the word, such as 'Healthy'
 *
 * @public
 */
export function StateLabel(props: { state: State; children: string }) {
  const Icon = icons[props.state];
  return (
    <span className={`${styles.state} ${styles[props.state]}`}>
      <Icon size={16} aria-hidden />
      {props.children}
    </span>
  );
}
