import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router-dom';
import { GoldenPathsList } from './GoldenPathsList';

/** Our list of templates; the form of one is the stock page's. */
export function TemplatesPage(props: { children: ReactNode }) {
  return (
    <Routes>
      <Route index element={<GoldenPathsList />} />
      <Route path="*" element={props.children} />
    </Routes>
  );
}
