import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { usePreferences, type SavedView } from '~/api/preferences';
import type { FilterState } from './useFilters';
import { viewsOf } from './views';

/** The views by name, and a name for what is filtered now. */
export default function SavedViews({ state }: { state: FilterState }) {
  const { preferences, change } = usePreferences();
  const { kept, current, active } = viewsOf(preferences, state.filters);
  const others = (views: readonly SavedView[], name: string) =>
    views.filter((view) => view.page !== 'results' || view.name !== name);
  const remove = (name: string) =>
    change((now) => ({ saved_views: others(now.saved_views, name) }));
  const save = (name: string) =>
    change((now) => ({
      saved_views: [...others(now.saved_views, name), { name, page: 'results', query: current }],
    }));
  return (
    <Stack gap="xs" w={250}>
      {kept.length === 0 && (
        <Text size="sm" c="dimmed">
          Set filters, then keep them here by a name.
        </Text>
      )}
      {kept.map((view) => (
        <Group key={view.name} justify="space-between" wrap="nowrap" gap="xs">
          <Link
            href={`/results?${view.query}`}
            className="quiet-link"
            aria-current={view === active ? 'true' : undefined}
          >
            {view.name}
          </Link>
          <ActionIcon aria-label={`Remove the view ${view.name}`} onClick={() => remove(view.name)}>
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {active === undefined && current !== '' && <SaveForm onSave={save} />}
    </Stack>
  );
}

function SaveForm({ onSave }: { onSave: (name: string) => void }) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') onSave(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          aria-label="Name of the view"
          placeholder="Name of this view"
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          Keep
        </Button>
      </Group>
    </form>
  );
}
