import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { openPalette } from './paletteStore';
import classes from './Shell.module.css';

export function SearchButton() {
  return (
    <UnstyledButton className={classes.search} onClick={openPalette}>
      <IconSearch size={15} aria-hidden />
      <span>Search</span>
      <kbd>Ctrl K</kbd>
    </UnstyledButton>
  );
}
