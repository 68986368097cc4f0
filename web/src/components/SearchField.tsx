import { IconSearch } from '@tabler/icons-react';
import classes from './fields.module.css';

interface SearchFieldProps {
  label: string;
  /** What is looked at. */
  hint: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** Text to search for, of plain elements: it is part of the first picture. */
export function SearchField({ label, hint, value, onChange, className = '' }: SearchFieldProps) {
  return (
    <span className={`${classes.search} ${className}`}>
      <IconSearch size={16} aria-hidden />
      <input
        type="search"
        className={classes.field}
        aria-label={label}
        placeholder={hint}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </span>
  );
}
