import './theme/mantine';
import './theme/page.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { forgetEarly } from './api/early';
import { asProblem } from './api/problem';
import { sessionQuery } from './api/queries';
import { Later } from './components/Later';
import { App } from './shell/App';
import type { PageModule } from './shell/chunks';
import { loadPageAt } from './shell/pages';
import { theme } from './theme/theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one; a server that is away or busy may be back.
      retry: (failures, error) => {
        const { status } = asProblem(error);
        return failures < 2 && (status === 0 || status >= 500);
      },
    },
  },
});

const Notices = lazy(() => import('./parts/Notices'));

const firstAnswersHold = 10_000; // milliseconds

const patience = 300; // milliseconds that an answer under way may hold up the page for

/** Shows the page, once its code is there, who is signed in is known, and what it shows first has come if that is quick. */
export async function show(pageLoaded: Promise<PageModule | undefined>): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  // What fails is told by the page.
  await Promise.allSettled([
    client.prefetchQuery({ ...sessionQuery, retry: false }),
    pageLoaded.then((module) => {
      const first = module?.prefetch?.(client, window.location.search) ?? [];
      const enough = new Promise((resolve) => setTimeout(resolve, patience));
      return Promise.race([Promise.all([loadPageAt(window.location.pathname), ...first]), enough]);
    }),
  ]);
  setTimeout(forgetEarly, firstAnswersHold);
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        withCssVariables={false} // they are a file, made with the page
        withStaticClasses={false}
        withGlobalClasses={false} // what they are for, style sheets do
      >
        <QueryClientProvider client={client}>
          <App />
          <Later>
            <Notices />
          </Later>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
