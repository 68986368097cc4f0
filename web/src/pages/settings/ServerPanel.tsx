import { Badge, Group, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { Skeleton } from '~/components/Skeleton';
import { score } from '~/shell/search';
import classes from './ServerPanel.module.css';

type Setting = Schemas['Settings'][number];

/** The server's settings, as `windlass config` tells them: value, default, where it comes from. */
export function ServerPanel() {
  const [query, setQuery] = useState('');
  const settings = useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => orThrow(api.GET('/api/settings/', { signal })),
  });
  const search = (
    <TextInput
      size="xs"
      type="search"
      aria-label="Search settings"
      placeholder="Search"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={query}
      onChange={(event) => setQuery(event.currentTarget.value)}
    />
  );
  return (
    <Panel title="Server" aside={search} flush>
      <Text size="sm" c="dimmed" px="md" py="sm">
        Set in <code>windlass.toml</code>, in the environment as <code>WINDLASS_NAME</code>, or on
        the command line, later ones winning. A change holds after a restart.
      </Text>
      <Loaded
        query={settings}
        failure="The settings cannot be shown"
        skeleton={<Skeleton height={420} margin={16} />}
      >
        {(all) => (
          <ul className={classes.list}>
            {all
              .filter((one) => query === '' || score(findable(one), query) > 0)
              .map((setting) => (
                <SettingRow key={setting.name} setting={setting} />
              ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function SettingRow({ setting }: { setting: Setting }) {
  const isDefault = setting.origin === 'default';
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <code>{setting.name}</code>
        <Text size="xs" c="dimmed">
          {setting.help}
        </Text>
      </div>
      <div className={classes.value}>
        <code>{textOf(setting.value)}</code>
        {!isDefault && (
          <Text size="xs" c="dimmed">
            Default: <code>{textOf(setting.default)}</code>
          </Text>
        )}
      </div>
      <Group gap={4} className={classes.origin}>
        <Badge color={isDefault ? 'gray' : 'iris'} maw="100%">
          {setting.origin}
        </Badge>
      </Group>
    </li>
  );
}

const findable = (setting: Setting) => ({
  id: setting.name,
  label: setting.name,
  more: setting.help,
});

/** A value as one would write it; nothing says so. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
