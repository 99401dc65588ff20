/** The store screens. The address after `#` is the whole view state, so a restarted window shows the same. */
import { I18nProvider } from 'react-aria-components';
import { Navigate, Route, Routes } from 'react-router';
import { ApproveScreen } from './approve/approve-screen.tsx';
import { CountScreen } from './count/count-screen.tsx';
import { HealthScreen } from './health/health-screen.tsx';
import { NowScreen } from './now/now-screen.tsx';
import { TaskScreen } from './now/task-screen.tsx';
import { LookUpScreen } from './product/look-up-screen.tsx';
import { Frame } from './shell/frame.tsx';
import { TransfersScreen } from './transfers/transfers-screen.tsx';
import { useWords } from './words/use-words.ts';

export function App() {
  const { locale } = useWords();
  return (
    <I18nProvider locale={locale}>
      <Routes>
        <Route element={<Frame />}>
          <Route index element={<Navigate to="/now" replace />} />
          <Route path="now" element={<NowScreen />} />
          <Route path="task/:id" element={<TaskScreen />} />
          <Route path="count/:sku" element={<CountScreen />} />
          <Route path="products" element={<LookUpScreen />} />
          <Route path="products/:sku" element={<LookUpScreen />} />
          <Route path="approve" element={<ApproveScreen />} />
          <Route path="transfers" element={<TransfersScreen />} />
          <Route path="health" element={<HealthScreen />} />
          <Route path="*" element={<Navigate to="/now" replace />} />
        </Route>
      </Routes>
    </I18nProvider>
  );
}
