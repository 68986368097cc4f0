import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Problem } from '~/api/problem';
import { makeFirstAccount, type Session } from '~/api/session';

interface FirstAccountFormProps {
  code: string;
  onEntered: (session: Session) => void;
}

export function FirstAccountForm({ code, onEntered }: FirstAccountFormProps) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const differs = again !== '' && again !== password;
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (again !== password) return;
    setBusy(true);
    const answered = await makeFirstAccount(code, username, password);
    setBusy(false);
    if (answered.ok) return onEntered(answered.value);
    setProblem(answered.problem);
  }
  const onlyFields =
    problem !== null && (problem.of('username') !== null || problem.of('password') !== null);
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        {problem !== null && !onlyFields && (
          <Alert color="red" role="alert">
            {problem.of('code') ?? problem.detail}
          </Alert>
        )}
        <TextInput
          label="User name"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={username}
          error={problem?.of('username')}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={password}
          error={problem?.of('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password once more"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={again}
          error={differs ? 'This is not the same.' : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" mt={6} loading={busy} disabled={differs} fullWidth>
          Make the account
        </Button>
      </Stack>
    </form>
  );
}
