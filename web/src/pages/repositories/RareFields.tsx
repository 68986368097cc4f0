import { Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormPart } from './RepositoryDrawer';
import classes from './RareFields.module.css';

/** What is seldom set: folded, unless something in it is wrong. */
export function RareFields({ values, set, wrong, repository }: FormPart) {
  const [opened, setOpened] = useState(false);
  const isWrong = ['slug', 'webhook_secret', 'python'].some((field) => wrong(field) !== null);
  const keepsWebhook = repository?.has_webhook_secret === true;
  return (
    <details
      className={classes.more}
      open={opened || isWrong}
      onToggle={(event) => setOpened(event.currentTarget.open)}
    >
      <summary>More</summary>
      <Stack gap="md" mt="sm">
        {repository === null && (
          <TextInput
            label="Package name"
            description="Its jobs are imported as this, for good. Empty: made of the name."
            placeholder="network_jobs"
            spellCheck={false}
            value={values.slug}
            error={wrong('slug')}
            onChange={(event) => set({ slug: event.currentTarget.value })}
          />
        )}
        <PasswordInput
          label="Webhook secret"
          description={
            keepsWebhook
              ? 'One is kept; leave this empty to keep it.'
              : 'What GitHub, GitLab or Gitea signs pushes with.'
          }
          autoComplete="new-password"
          disabled={values.dropsWebhook}
          value={values.webhook_secret}
          error={wrong('webhook_secret')}
          onChange={(event) => set({ webhook_secret: event.currentTarget.value })}
        />
        {keepsWebhook && (
          <Checkbox
            size="xs"
            label="Forget the webhook secret: pushes are refused then"
            checked={values.dropsWebhook}
            onChange={(event) =>
              set({ dropsWebhook: event.currentTarget.checked, webhook_secret: '' })
            }
          />
        )}
        <TextInput
          label="Python"
          description="Interpreter of its jobs. Empty: the setting python."
          placeholder="/opt/venv/bin/python"
          spellCheck={false}
          value={values.python}
          error={wrong('python')}
          onChange={(event) => set({ python: event.currentTarget.value })}
        />
      </Stack>
    </details>
  );
}
