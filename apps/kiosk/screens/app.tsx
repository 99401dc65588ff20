/** The store screens. The address after `#` is the whole view state, so a restarted window shows the same. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { Navigate, Route, Routes } from 'react-router';
import { AskScreen } from './ask/ask-screen.tsx';
import { ApproveScreen } from './approve/approve-screen.tsx';
import { BoardScreen } from './board/board-screen.tsx';
import { CauseScreen } from './cause/cause-screen.tsx';
import { setUpQuery } from './api/queries.ts';
import { CountScreen } from './count/count-screen.tsx';
import { DeviceScreen } from './device/device-screen.tsx';
import { SetUpScreen } from './device/set-up-screen.tsx';
import { HealthScreen } from './health/health-screen.tsx';
import { NowScreen } from './now/now-screen.tsx';
import { TaskScreen } from './now/task-screen.tsx';
import { LookUpScreen } from './product/look-up-screen.tsx';
import { Frame } from './shell/frame.tsx';
import { ShelfScreen } from './shelf/shelf-screen.tsx';
import { TransfersScreen } from './transfers/transfers-screen.tsx';
import { useWords } from './words/use-words.ts';

export function App() {
  const { locale } = useWords();
  return (
    <I18nProvider locale={locale}>
      <Entry />
    </I18nProvider>
  );
}

/** A device without a store has one screen; it stays until the page is loaded anew with the store's data. */
function Entry() {
  const { data: setUp, failureCount } = useQuery(setUpQuery);
  const [isSettingUp, setSettingUp] = useState(false);
  if (setUp?.state === 'needed' && !isSettingUp) setSettingUp(true);
  if (setUp && isSettingUp) return <SetUpScreen view={setUp} />;
  // The first answer takes milliseconds; an agent that is away is told by the screens themselves.
  return setUp || failureCount > 0 ? <Screens /> : null;
}

function Screens() {
  return (
    <Routes>
      <Route element={<Frame />}>
        <Route index element={<Navigate to="/now" replace />} />
        <Route path="now" element={<NowScreen />} />
        <Route path="task/:id" element={<TaskScreen />} />
        <Route path="count/:sku" element={<CountScreen />} />
        <Route path="cause/:id" element={<CauseScreen />} />
        <Route path="products" element={<LookUpScreen />} />
        <Route path="products/:sku" element={<LookUpScreen />} />
        <Route path="ask" element={<AskScreen />} />
        <Route path="approve" element={<ApproveScreen />} />
        <Route path="transfers" element={<TransfersScreen />} />
        <Route path="shelf" element={<ShelfScreen />} />
        <Route path="shelf/:camera" element={<ShelfScreen />} />
        <Route path="board" element={<BoardScreen />} />
        <Route path="health" element={<HealthScreen />} />
        <Route path="device" element={<DeviceScreen />} />
        <Route path="*" element={<Navigate to="/now" replace />} />
      </Route>
    </Routes>
  );
}
