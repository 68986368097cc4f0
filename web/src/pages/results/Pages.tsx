import { Pagination } from '@mantine/core';

interface PagesProps {
  count: number;
  /** From 1. */
  here: number;
  onChange: (page: number) => void;
}

/** The way to the other pages of a list. */
export default function Pages({ count, here, onChange }: PagesProps) {
  return (
    <Pagination
      size="sm"
      total={count}
      value={here}
      onChange={onChange}
      getControlProps={(control) => ({ 'aria-label': `Page: ${control}` })}
      getItemProps={(to) => ({ 'aria-label': `Page ${to}` })}
    />
  );
}
