/** Renders a component with what surrounds it in the page: theme, queries, an address. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { theme } from '~/theme/theme';

export function renderPage(content: ReactNode, path = '/') {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const address = memoryLocation({ path, record: true });
  const view = render(
    // "test": transitions end at once
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        <Notifications />
        <Router hook={address.hook} searchHook={address.searchHook}>
          {content}
        </Router>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, client, address };
}
