import { Text } from '@mantine/core';
import type { Repository } from '~/api/queries';
import { CodeBlock } from '~/parts/CodeBlock';
import { Panel } from '~/components/Panel';

/** Where a host tells of pushes, so that they are in force at once. */
export function Webhook({ repository }: { repository: Repository }) {
  const address = `${window.location.origin}/api/extras/git-repositories/${repository.slug}/webhook/`;
  return (
    <Panel title="Webhook">
      <Text size="sm" c="dimmed" mb="xs">
        {repository.has_webhook_secret
          ? 'GitHub, GitLab and Gitea tell of pushes here, as JSON, signed with the secret that was given.'
          : 'To have pushes in force at once, set a webhook secret (Edit, More), then give this address and the secret to GitHub, GitLab or Gitea.'}
      </Text>
      <CodeBlock text={address} label="Address of the webhook" />
    </Panel>
  );
}
