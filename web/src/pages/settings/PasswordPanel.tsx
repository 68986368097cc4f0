import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, orThrow } from '~/api/client';
import { asProblem } from '~/api/problem';
import { tellDone } from '~/components/notices';
import { Panel } from '~/components/Panel';
import { NewPassword } from '~/parts/NewPassword';

/** One's own password; changing it ends one's sessions elsewhere. */
export function PasswordPanel() {
  const [before, setBefore] = useState('');
  const [next, setNext] = useState('');
  const [changes, setChanges] = useState(0); // each begins with empty fields
  const change = useMutation({
    mutationFn: () =>
      orThrow(
        api.POST('/api/users/password/', { body: { old_password: before, new_password: next } }),
      ),
    onSuccess: () => {
      setBefore('');
      setNext('');
      setChanges((before) => before + 1);
      tellDone('Your password was changed. Other browsers have to sign in again.');
    },
  });
  const problem = change.isError ? asProblem(change.error) : null;
  const inFields = problem !== null && Object.keys(problem.fields).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Panel title="Password">
      <form onSubmit={submit}>
        <Stack gap="sm" maw={360}>
          {problem !== null && !inFields && (
            <Alert color="red" role="alert">
              {problem.detail}
            </Alert>
          )}
          <PasswordInput
            label="Password now"
            autoComplete="current-password"
            value={before}
            error={problem?.of('old_password')}
            onChange={(event) => setBefore(event.currentTarget.value)}
          />
          <NewPassword
            key={changes}
            label="New password"
            error={problem?.of('new_password')}
            onChange={setNext}
          />
          <Group>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={before === '' || next === ''}
            >
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
