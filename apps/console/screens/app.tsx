/** The regional console. Every view has its own address after `#`, filters included. */
import { useQuery } from '@tanstack/react-query';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { Navigate, Route, Routes, useNavigate } from 'react-router';
import { sessionQuery } from './api/queries.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { CasePage } from './cases/case-page.tsx';
import { CasesPage } from './cases/cases-page.tsx';
import { PlanPage } from './plan/plan-page.tsx';
import { PoliciesPage } from './policies/policies-page.tsx';
import { DevicesPage } from './devices/devices-page.tsx';
import { Frame } from './shell/frame.tsx';
import { SignIn } from './shell/sign-in.tsx';
import { StorePage } from './stores/store-page.tsx';
import { StoresPage } from './stores/stores-page.tsx';
import { TrustPage } from './trust/trust-page.tsx';
import { TransfersPage } from './transfers/transfers-page.tsx';
import { useWords } from './words/use-words.ts';

export function App() {
  const { locale } = useWords();
  const navigate = useNavigate();
  return (
    <I18nProvider locale={locale}>
      <RouterProvider navigate={(address) => void navigate(address.replace(/^#/, ''))}>
        <Pages />
      </RouterProvider>
    </I18nProvider>
  );
}

function Pages() {
  const { t } = useWords();
  const { data: session, error } = useQuery(sessionQuery);
  if (!session) return <output className="waiting">{error ? error.message : t('shell.waiting')}</output>;
  if (!session.signedIn) return <SignIn />;
  return (
    <Routes>
      <Route element={<Frame session={session} />}>
        <Route index element={<Navigate to="/stores" replace />} />
        <Route path="stores" element={<StoresPage />} />
        <Route path="stores/:id" element={<StorePage />} />
        <Route path="cases" element={<CasesPage />} />
        <Route path="cases/:id" element={<CasePage />} />
        <Route path="plan" element={<PlanPage />} />
        <Route path="transfers" element={<TransfersPage />} />
        <Route path="policies" element={<PoliciesPage />} />
        <Route path="policies/:id" element={<PoliciesPage />} />
        <Route path="devices" element={<DevicesPage />} />
        <Route path="trust" element={<TrustPage />} />
        <Route path="audit" element={<AuditPage />} />
        <Route path="*" element={<Navigate to="/stores" replace />} />
      </Route>
    </Routes>
  );
}
