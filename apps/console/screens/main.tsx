import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { HashRouter } from 'react-router';
import '@fontsource-variable/inter/wght.css';
import './styles/index.css';
import { HubClock } from './api/hub-clock.tsx';
import { makeQueryClient } from './api/queries.ts';
import { App } from './app.tsx';
import { applyTheme, keepLanguage, preferredLanguage, preferredTheme } from '@truecount/screens/preferences';
import { startWords } from './words/i18n.ts';

const root = document.getElementById('root');
if (!root) throw new Error('E_PAGE: index.html has no element with id "root"; build the console again');

const language = preferredLanguage();
keepLanguage(language);
applyTheme(preferredTheme());
const words = await startWords(language);

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={words}>
      <QueryClientProvider client={makeQueryClient()}>
        <HubClock>
          <HashRouter>
            <App />
          </HashRouter>
        </HubClock>
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
