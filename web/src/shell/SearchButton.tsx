import { IconSearch } from '@tabler/icons-react';
import { openPalette } from './paletteWanted';
import classes from './Shell.module.css';

export function SearchButton() {
  return (
    <button type="button" className={classes.search} onClick={openPalette}>
      <IconSearch size={15} aria-hidden />
      <span>Search</span>
      <kbd>Ctrl K</kbd>
    </button>
  );
}
