import { Select, type SelectProps } from '@mantine/core';
import type { NamedChoice } from './choices';

interface JobFilterProps extends Pick<SelectProps, 'aria-label' | 'placeholder'> {
  /** A class path; "" for every job. */
  value: string;
  onChange: (value: string) => void;
  choices: NamedChoice[];
}

/** The results of which job: a list to search in. */
export default function JobFilter({ value, onChange, choices, ...rest }: JobFilterProps) {
  return (
    <Select
      {...rest}
      clearable
      searchable
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      data={choices}
    />
  );
}
