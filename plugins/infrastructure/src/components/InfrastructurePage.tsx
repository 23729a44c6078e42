import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Route, Routes } from 'react-router-dom';
import { RequestDetailPage } from '../detail/RequestDetailPage';
import { DiscoveredPage } from '../discovered/DiscoveredPage';
import { OfferingsPage } from '../offerings/OfferingsPage';
import { RequestPage } from '../request/RequestPage';
import { ApprovalsPage } from '../requests/ApprovalsPage';
import { RequestsPage } from '../requests/RequestsPage';
import { rootRouteRef } from '../routes';

/** All pages of the plugin. */
export function InfrastructurePage() {
  const base = useRouteRef(rootRouteRef)?.() ?? '/infrastructure';
  return (
    <Routes>
      <Route path="/" element={<OfferingsPage base={base} />} />
      <Route path="/request/:offering" element={<RequestPage base={base} />} />
      <Route path="/requests" element={<RequestsPage base={base} />} />
      <Route path="/requests/:id" element={<RequestDetailPage base={base} />} />
      <Route path="/discovered" element={<DiscoveredPage base={base} />} />
      <Route path="/approvals" element={<ApprovalsPage base={base} />} />
    </Routes>
  );
}
