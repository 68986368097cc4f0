import { Alert, Button, Drawer, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { asProblem } from '~/api/problem';
import type { Repository } from '~/api/queries';
import { Credentials } from './Credentials';
import { useSave } from './repositoryCalls';
import { intervals, requestOf, valuesOf, type RepositoryValues } from './repositoryForm';
import { RareFields } from './RareFields';

interface RepositoryDrawerProps {
  opened: boolean;
  /** null: a new one is added. */
  repository: Repository | null;
  onClose: () => void;
  onSaved: (repository: Repository) => void;
}

/** Adds a repository, or changes one. */
export function RepositoryDrawer({ opened, ...form }: RepositoryDrawerProps) {
  const { repository, onClose } = form;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={repository === null ? 'Add a Git repository' : `Edit ${repository.name}`}
      keepMounted={false}
    >
      <RepositoryForm {...form} />
    </Drawer>
  );
}

/** What a part of the form needs: the values, how they change, and what is wrong with a field. */
export interface FormPart {
  values: RepositoryValues;
  set: (part: Partial<RepositoryValues>) => void;
  wrong: (field: string) => string | null;
  repository: Repository | null;
}

function RepositoryForm({ repository, onClose, onSaved }: Omit<RepositoryDrawerProps, 'opened'>) {
  const [values, setValues] = useState(() => valuesOf(repository));
  const save = useSave(repository);
  const problem = save.isError ? asProblem(save.error) : null;
  const part: FormPart = {
    values,
    set: (changed) => setValues((now) => ({ ...now, ...changed })),
    wrong: (field) => problem?.of(field) ?? null,
    repository,
  };
  const { set, wrong } = part;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(requestOf(values, repository), { onSuccess: onSaved });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {problem !== null && Object.keys(problem.fields).length === 0 && (
          <Alert color="red" role="alert">
            {problem.detail}
          </Alert>
        )}
        <TextInput
          label="Name"
          placeholder="Network jobs"
          required
          withAsterisk={false}
          data-autofocus
          value={values.name}
          error={wrong('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="URL"
          description="https, ssh or file URL, or git@host:path. Without credentials."
          placeholder="https://git.example.com/team/jobs.git"
          required
          withAsterisk={false}
          spellCheck={false}
          value={values.remote_url}
          error={wrong('remote_url')}
          onChange={(event) => set({ remote_url: event.currentTarget.value })}
        />
        <TextInput
          label="Branch or tag"
          required
          withAsterisk={false}
          spellCheck={false}
          value={values.branch}
          error={wrong('branch')}
          onChange={(event) => set({ branch: event.currentTarget.value })}
        />
        <NativeSelect
          label="Looked at for new commits"
          description="A push can also tell at once: see the webhook on its page."
          value={values.poll_interval}
          error={wrong('poll_interval')}
          onChange={(event) => set({ poll_interval: event.currentTarget.value })}
          data={intervals(values.poll_interval)}
        />
        <Credentials {...part} />
        <RareFields {...part} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" loading={save.isPending}>
            {repository === null ? 'Add and sync' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
