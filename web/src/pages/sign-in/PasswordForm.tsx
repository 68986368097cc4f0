import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Problem } from '~/api/problem';
import { signIn, type Session } from '~/api/session';

export function PasswordForm({ onEntered }: { onEntered: (session: Session) => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const answered = await signIn(username, password);
    setBusy(false);
    if (answered.ok) return onEntered(answered.value);
    setProblem(answered.problem);
    setPassword('');
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        {problem !== null && (
          <Alert color="red" role="alert">
            {problem.detail}
            {problem.retryAfter !== null && ` Wait ${problem.retryAfter} s.`}
          </Alert>
        )}
        <TextInput
          label="User name"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" mt={6} loading={busy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
