import { Alert, Button, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, orThrow } from '~/api/client';
import { asProblem } from '~/api/problem';
import { keys } from '~/api/queries';
import { CodeBlock } from '~/parts/CodeBlock';

/** Makes a token and shows its key: the one time that it is whole. */
export function NewTokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New token" keepMounted={false}>
      <NewToken onClose={onClose} />
    </Modal>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const [description, setDescription] = useState('');
  const [mayChange, setMayChange] = useState(true);
  const [ends, setEnds] = useState('');
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => {
      const expires = ends === '' ? null : new Date(ends).toISOString();
      const body = { description, write_enabled: mayChange, expires };
      return orThrow(api.POST('/api/users/tokens/', { body }));
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.tokens }),
  });
  const problem = make.isError ? asProblem(make.error) : null;
  if (make.isSuccess) {
    return (
      <Stack>
        <Alert color="orange" title="Copy it now">
          It is not shown again. Whoever has it acts in your name.
        </Alert>
        <CodeBlock text={make.data.key} label="The new token" />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {problem !== null && Object.keys(problem.fields).length === 0 && (
          <Alert color="red" role="alert">
            {problem.detail}
          </Alert>
        )}
        <TextInput
          label="What it is for"
          placeholder="Nightly report"
          data-autofocus
          value={description}
          error={problem?.of('description')}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="Ends"
          description="Empty: never."
          value={ends}
          error={problem?.of('expires')}
          onChange={(event) => setEnds(event.currentTarget.value)}
        />
        <Switch
          size="sm"
          label="May change things, also run jobs"
          checked={mayChange}
          onChange={(event) => setMayChange(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
