/** What the toolbars of the log and of the console are made of. */
import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconDownload, IconSearch, type Icon } from '@tabler/icons-react';
import classes from './LogTab.module.css';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <TextInput
      className={classes.search}
      size="xs"
      type="search"
      placeholder={label}
      aria-label={label}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface SwitchProps {
  icon: Icon;
  label: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ icon: IconOf, label, on, disabled = false, onChange }: SwitchProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={28}
        variant={on ? 'light' : 'subtle'}
        color={on ? 'iris' : 'gray'}
        aria-label={label}
        aria-pressed={on}
        data-disabled={disabled || undefined}
        aria-disabled={disabled}
        onClick={() => !disabled && onChange(!on)}
      >
        <IconOf size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

interface DownloadProps {
  label: string;
  /** What is downloaded: "the whole log". */
  what: string;
  path: (csv: boolean) => string;
}

export function Download({ label, what, path }: DownloadProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Download">
          <ActionIcon size={28} aria-label={label}>
            <IconDownload size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={path(false)} download>
          Text of {what}
        </Menu.Item>
        <Menu.Item component="a" href={path(true)} download>
          CSV of {what}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
