import { Input, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import { Segments } from '~/components/Segments';
import type { FormPart } from './RepositoryDrawer';
import { isSsh, type SecretKind } from './repositoryForm';

const kinds: { value: SecretKind; label: string }[] = [
  { value: '', label: 'None' },
  { value: 'token', label: 'Token or password' },
  { value: 'ssh_key', label: 'SSH key' },
];

/** What Windlass signs in with at the remote. Secrets are kept sealed, and never shown again. */
export function Credentials({ values, set, wrong, repository }: FormPart) {
  const isKept = repository?.has_secret === true && repository.secret_kind === values.secretKind;
  const kept = isKept ? 'One is kept; leave this empty to keep it.' : 'Kept sealed.';
  return (
    <Stack gap="xs">
      <Input.Wrapper label="Signs in with" labelElement="div">
        <Segments
          label="Signs in with"
          fullWidth
          value={values.secretKind}
          onChange={(secretKind) => set({ secretKind, secret: '' })}
          choices={kinds}
        />
      </Input.Wrapper>
      {values.secretKind !== '' && (
        <TextInput
          label="User name"
          description={
            values.secretKind === 'ssh_key' ? 'Empty: the one in the URL, or git.' : undefined
          }
          autoComplete="off"
          value={values.username}
          error={wrong('username')}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
      )}
      {values.secretKind === 'token' && (
        <PasswordInput
          label="Token or password"
          description={kept}
          autoComplete="new-password"
          value={values.secret}
          error={wrong('token')}
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
      {values.secretKind === 'ssh_key' && (
        <Textarea
          label="Private key"
          description={`Without a passphrase. ${kept}`}
          placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
          spellCheck={false}
          autosize
          minRows={3}
          maxRows={8}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={values.secret}
          error={wrong('ssh_key')}
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
      {isSsh(values.remote_url) && (
        <Textarea
          label="Known hosts"
          description="Lines as in known_hosts. Empty: the file of the setting git_known_hosts."
          spellCheck={false}
          autosize
          minRows={2}
          maxRows={6}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={values.known_hosts}
          error={wrong('known_hosts')}
          onChange={(event) => set({ known_hosts: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
