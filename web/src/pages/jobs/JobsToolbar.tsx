import { Checkbox, Group, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Segments } from '~/components/Segments';
import { shows, type JobFilter, type Show } from './groups';

interface JobsToolbarProps {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
  shown: number;
  hidden: number;
}

const words: Record<Show, string> = {
  all: 'All',
  favourites: 'Favourites',
  enabled: 'Enabled',
  disabled: 'Disabled',
  failing: 'Failing',
};
const choices = shows.map((value) => ({ value, label: words[value] }));

export function JobsToolbar({ filter, onChange, shown, hidden }: JobsToolbarProps) {
  return (
    <Group gap="sm" mb="md">
      <TextInput
        w={{ base: '100%', xs: 260 }}
        type="search"
        aria-label="Search jobs"
        placeholder="Search name, path, description"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.query}
        onChange={(event) => onChange({ ...filter, query: event.currentTarget.value })}
      />
      <Segments
        label="Which jobs"
        value={filter.show}
        onChange={(show) => onChange({ ...filter, show })}
        choices={choices}
      />
      {hidden > 0 && (
        <Checkbox
          size="xs"
          label={`Hidden ones too (${hidden})`}
          checked={filter.hidden}
          onChange={(event) => onChange({ ...filter, hidden: event.currentTarget.checked })}
        />
      )}
      <Text size="sm" c="dimmed" ml="auto" role="status" className="numbers">
        {shown === 1 ? '1 job' : `${shown} jobs`}
      </Text>
    </Group>
  );
}
