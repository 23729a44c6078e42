import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { DocsProblemReport } from '@waystone/plugin-techdocs-native-common';
import { techdocsNativeTranslationRef } from '../translation';
import styles from './DocsStatus.module.css';

/** Problems of a documentation build, each with its place and what to do. */
export function ProblemList(props: { problems: readonly DocsProblemReport[] }) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  return (
    <ul className={styles.problems}>
      {props.problems.map((problem, index) => (
        <li key={index} className={styles.problem}>
          <div className={styles.place}>
            <span className={styles.severity} data-severity={problem.severity}>
              {t(`build.severity.${problem.severity}`)}
            </span>
            <code>
              {problem.file}
              {problem.line === undefined ? '' : `:${problem.line}`}
            </code>
          </div>
          <div>{problem.message}</div>
          <div className={styles.fix}>{problem.fix}</div>
        </li>
      ))}
    </ul>
  );
}
