import { AppShell, Burger, Group, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, type ReactNode } from 'react';
import { useLiveQueries } from '~/live/hooks';
import { Brand } from './Brand';
import { LiveMark } from './LiveMark';
import { Navigation } from './Navigation';
import { SearchButton } from './SearchButton';
import classes from './Shell.module.css';
import { UserMenu } from './UserMenu';

const Palette = lazy(() => import('./Palette'));

/** What surrounds every page of a signed-in visitor: navigation, header, palette, live events. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  useLiveQueries();
  return (
    <AppShell
      layout="alt"
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
            />
            <SearchButton />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LiveMark />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Pages">
        <Group justify="space-between" className={classes.brand}>
          <Brand />
          <Burger
            opened
            onClick={close}
            hiddenFrom="sm"
            size="sm"
            color="white"
            aria-label="Close the navigation"
          />
        </Group>
        <ScrollArea className={classes.links}>
          <Navigation onChosen={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>{children}</div>
      </AppShell.Main>
      <Suspense fallback={null}>
        <Palette />
      </Suspense>
    </AppShell>
  );
}
