import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { usePreferences, withToggled } from '~/api/preferences';
import { chosenColumns, columns } from './columns';

/** Which columns the list has; kept with the account. */
export function ColumnsMenu() {
  const { preferences, change } = usePreferences();
  const chosen = chosenColumns(preferences.result_columns).map((column) => column.name);
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={16} aria-hidden />}
          visibleFrom="sm"
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap={8}>
          {columns.map((column) => (
            <Checkbox
              key={column.name}
              size="xs"
              label={column.title}
              checked={chosen.includes(column.name)}
              disabled={column.name === 'name'} // it is the way to the result
              onChange={() => change(() => ({ result_columns: withToggled(chosen, column.name) }))}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
