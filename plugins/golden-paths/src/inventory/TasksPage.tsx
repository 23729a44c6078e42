import type { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { RunInventory } from './RunInventory';
import styles from './RunInventory.module.css';

const RUN = /\/tasks\/([0-9a-f-]{36})$/;

/** The stock pages of runs. On that of one run, also what it has made. */
export function TasksPage(props: { children: ReactNode }) {
  const taskId = RUN.exec(useLocation().pathname)?.[1];
  return (
    <div className={styles.page}>
      {props.children}
      {taskId && <RunInventory key={taskId} taskId={taskId} />}
    </div>
  );
}
