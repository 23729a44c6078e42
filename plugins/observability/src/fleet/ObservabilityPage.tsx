import { Route, Routes } from 'react-router-dom';
import { AlertsPage } from '../alerts/AlertsPage';
import { FleetPage } from './FleetPage';

/** The fleet and its alerts. */
export function ObservabilityPage() {
  return (
    <Routes>
      <Route path="/" element={<FleetPage />} />
      <Route path="/alerts" element={<AlertsPage />} />
    </Routes>
  );
}
