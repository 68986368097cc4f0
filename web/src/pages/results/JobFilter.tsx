import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '~/api/queries';
import { withChosen } from './choices';

interface JobFilterProps extends Pick<SelectProps, 'aria-label' | 'placeholder'> {
  /** A class path; "" for every job. */
  value: string;
  onChange: (value: string) => void;
}

/** The results of which job: a list to search in. */
export default function JobFilter({ value, onChange, ...rest }: JobFilterProps) {
  const jobs = useQuery(jobsQuery).data ?? [];
  const choices = jobs.map((job) => ({ value: job.class_path, label: job.name }));
  return (
    <Select
      {...rest}
      clearable
      searchable
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      data={withChosen(choices, value)}
    />
  );
}
