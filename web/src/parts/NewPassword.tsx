import { PasswordInput } from '@mantine/core';
import { useState } from 'react';

interface NewPasswordProps {
  label: string;
  /** What the server says about it. */
  error?: string | null | undefined;
  /** Told "" while the two differ. */
  onChange: (password: string) => void;
  required?: boolean;
}

/** A password that is chosen here, and typed twice. */
export function NewPassword({ label, error, onChange, required = false }: NewPasswordProps) {
  const [once, setOnce] = useState('');
  const [again, setAgain] = useState('');
  const shared = { autoComplete: 'new-password', required, withAsterisk: false };
  const take = (first: string, second: string) => {
    setOnce(first);
    setAgain(second);
    onChange(first === second ? first : '');
  };
  return (
    <>
      <PasswordInput
        {...shared}
        label={label}
        value={once}
        error={error}
        onChange={(event) => take(event.currentTarget.value, again)}
      />
      <PasswordInput
        {...shared}
        label={`${label} once more`}
        value={again}
        error={again !== '' && again !== once ? 'This is not the same.' : null}
        onChange={(event) => take(once, event.currentTarget.value)}
      />
    </>
  );
}
