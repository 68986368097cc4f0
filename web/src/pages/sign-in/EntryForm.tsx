import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Answer } from '~/api/client';
import type { Problem } from '~/api/problem';
import type { Session } from '~/api/session';

interface EntryFormProps {
  /** Whether the account is made here: then the password is chosen, and typed twice. */
  isNew: boolean;
  enter: (username: string, password: string) => Promise<Answer<Session>>;
  onEntered: (session: Session) => void;
}

const shared = { required: true, withAsterisk: false };

/** Name and password: of an account that there is, or of one that is made. */
export function EntryForm({ isNew, enter, onEntered }: EntryFormProps) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const differs = isNew && again !== '' && again !== password;
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isNew && again !== password) return;
    setBusy(true);
    const answered = await enter(username, password);
    setBusy(false);
    if (answered.ok) return onEntered(answered.value);
    setProblem(answered.problem);
    if (!isNew) setPassword('');
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        {problem !== null && !isOfField(problem) && (
          <Alert color="red" role="alert">
            {problem.of('code') ?? problem.detail}
            {problem.retryAfter !== null && ` Wait ${problem.retryAfter} s.`}
          </Alert>
        )}
        <TextInput
          {...shared}
          label="User name"
          autoComplete="username"
          autoFocus
          value={username}
          error={problem?.of('username')}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          {...shared}
          label="Password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          value={password}
          error={problem?.of('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {isNew && (
          <PasswordInput
            {...shared}
            label="Password once more"
            autoComplete="new-password"
            value={again}
            error={differs ? 'This is not the same.' : null}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
        )}
        <Button type="submit" size="sm" mt={6} loading={busy} disabled={differs} fullWidth>
          {isNew ? 'Make the account' : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

/** Told beside its field, and nowhere else. */
function isOfField(problem: Problem): boolean {
  return problem.of('username') !== null || problem.of('password') !== null;
}
