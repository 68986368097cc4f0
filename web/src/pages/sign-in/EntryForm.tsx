import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Answer } from '~/api/client';
import type { Problem } from '~/api/problem';
import type { Session } from '~/api/session';
import { NewPassword } from '~/parts/NewPassword';

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
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
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
        {isNew ? (
          <NewPassword
            required
            label="Password"
            error={problem?.of('password')}
            onChange={setPassword}
          />
        ) : (
          <PasswordInput
            {...shared}
            label="Password"
            autoComplete="current-password"
            value={password}
            error={problem?.of('password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Button
          type="submit"
          size="sm"
          mt={6}
          loading={busy}
          disabled={isNew && password === ''}
          fullWidth
        >
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
