import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router-dom';
import { LoadingRows } from '@waystone/ui';
import type { PagePart } from '@waystone/ui';
import { FindingsPage } from './findings/FindingsPage';
import { rootRouteRef } from './routes';
import { governanceTranslationRef } from './translation';

const ScorecardsPage = lazy(() =>
  import('./scorecards/ScorecardsPage').then(m => ({
    default: m.ScorecardsPage,
  })),
);
const SecretsPage = lazy(() =>
  import('./secrets/SecretsPage').then(m => ({ default: m.SecretsPage })),
);
const PoliciesPage = lazy(() =>
  import('./policies/PoliciesPage').then(m => ({ default: m.PoliciesPage })),
);

/** The parts of governance, each with an address of its own. */
export function GovernancePage() {
  const { t } = useTranslationRef(governanceTranslationRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '';
  const parts: PagePart[] = [
    { to: root, title: t('page.violations'), end: true },
    { to: `${root}/vulnerabilities`, title: t('page.vulnerabilities') },
    { to: `${root}/misconfigurations`, title: t('page.misconfigurations') },
    { to: `${root}/secrets`, title: t('page.secrets') },
    { to: `${root}/policies`, title: t('page.policies') },
    { to: `${root}/scorecards`, title: t('page.scorecards') },
  ];
  return (
    <Suspense fallback={<LoadingRows />}>
      <Routes>
        <Route
          path="/"
          element={
            <FindingsPage key="violations" kind="violations" parts={parts} />
          }
        />
        <Route
          path="/vulnerabilities"
          element={
            <FindingsPage
              key="vulnerabilities"
              kind="vulnerabilities"
              parts={parts}
            />
          }
        />
        <Route
          path="/misconfigurations"
          element={
            <FindingsPage
              key="misconfigurations"
              kind="misconfigurations"
              parts={parts}
            />
          }
        />
        <Route path="/secrets" element={<SecretsPage parts={parts} />} />
        <Route path="/scorecards" element={<ScorecardsPage parts={parts} />} />
        <Route path="/policies" element={<PoliciesPage parts={parts} />} />
      </Routes>
    </Suspense>
  );
}
