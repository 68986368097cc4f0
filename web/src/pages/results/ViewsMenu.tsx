import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { usePreferences } from '~/api/preferences';
import { filtersOf, searchOf } from './filters';
import type { FilterState } from './useFilters';

/** Filters by name: kept with the account, so that they are there on every machine. */
export function ViewsMenu({ state }: { state: FilterState }) {
  const [opened, setOpened] = useState(false);
  const { preferences, change } = usePreferences();
  const views = preferences.saved_views.filter((view) => view.page === 'results');
  const current = searchOf({ ...state.filters, page: 1 });
  const active = views.find((view) => searchOf(filtersOf(view.query)) === current);
  const remove = (name: string) =>
    change((now) => ({
      saved_views: now.saved_views.filter((view) => view.page !== 'results' || view.name !== name),
    }));
  const save = (name: string) => {
    change((now) => ({
      saved_views: [
        ...now.saved_views.filter((view) => view.page !== 'results' || view.name !== name),
        { name, page: 'results', query: current },
      ],
    }));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant={active === undefined ? 'default' : 'light'}
          leftSection={<IconBookmark size={15} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {active?.name ?? 'Views'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap="xs" w={250}>
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              Set filters, then keep them here by a name.
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} justify="space-between" wrap="nowrap" gap="xs">
              <Link
                href={`/results?${view.query}`}
                className="quiet-link"
                onClick={() => setOpened(false)}
                aria-current={view === active ? 'true' : undefined}
              >
                {view.name}
              </Link>
              <ActionIcon
                aria-label={`Remove the view ${view.name}`}
                onClick={() => remove(view.name)}
              >
                <IconTrash size={15} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {active === undefined && current !== '' && <SaveForm onSave={save} />}
        </Stack>
      </Popover.Dropdown>
    </Popover>
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
