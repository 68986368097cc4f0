import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconMenu2, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLiveQueries } from '~/live/hooks';
import { Brand } from './Brand';
import { LiveMark } from './LiveMark';
import { Navigation } from './Navigation';
import { PaletteSoon } from './PaletteSoon';
import { SearchButton } from './SearchButton';
import classes from './Shell.module.css';
import { UserMenu } from './UserMenu';

/**
 * What surrounds every page of a signed-in visitor: navigation, header, palette, live events. Plain elements,
 * laid out by style sheet: it is drawn before anything else is.
 */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { open, close }] = useDisclosure(false);
  useLiveQueries();
  useHotkeys([['Escape', close, { preventDefault: false }]]);
  return (
    <div className={classes.shell}>
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <nav className={classes.navbar} data-opened={opened || undefined} aria-label="Pages">
        <div className={classes.brand}>
          <Brand />
          <button
            type="button"
            className={classes.menu}
            onClick={close}
            aria-label="Close the navigation"
          >
            <IconX size={20} aria-hidden />
          </button>
        </div>
        <Navigation onChosen={close} />
      </nav>
      <header className={classes.header}>
        <button
          type="button"
          className={classes.menu}
          onClick={open}
          aria-expanded={opened}
          aria-label="Open the navigation"
        >
          <IconMenu2 size={20} aria-hidden />
        </button>
        <SearchButton />
        <div className={classes.corner}>
          <LiveMark />
          <UserMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>{children}</div>
      </main>
      <PaletteSoon />
    </div>
  );
}
