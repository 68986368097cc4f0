import { ActionIcon, Badge, Button, Code, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, orThrow, type Schemas } from '~/api/client';
import { largestPage } from '~/api/addresses';
import { keys, sessionQuery } from '~/api/queries';
import ConfirmDialog from '~/parts/ConfirmDialog';
import { Loaded } from '~/components/Loaded';
import { Skeleton } from '~/components/Skeleton';
import { tellDone, tellFailed } from '~/components/notices';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import classes from '~/components/table.module.css';
import { Timestamp } from '~/components/Timestamp';
import { NewTokenDialog } from './NewTokenDialog';

type Token = Schemas['Token'];

/** One's own tokens for scripts: made here, whole only once, deleted here. */
export function TokensPanel() {
  const [making, setMaking] = useState(false);
  const user = useQuery(sessionQuery).data?.user?.username ?? '';
  const tokens = useQuery({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) => {
      const query = { limit: largestPage, user };
      const page = await orThrow(api.GET('/api/users/tokens/', { params: { query }, signal }));
      return page.results;
    },
    enabled: user !== '',
  });
  const make = (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <Panel title="API tokens" aside={make} flush>
      <Loaded
        query={tokens}
        failure="Your tokens cannot be shown"
        skeleton={<Skeleton height={90} margin={16} />}
      >
        {(all) => <TokenTable tokens={all} />}
      </Loaded>
      <NewTokenDialog opened={making} onClose={() => setMaking(false)} />
    </Panel>
  );
}

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const [asked, setAsked] = useState<Token | null>(null);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) =>
      orThrow(api.DELETE('/api/users/tokens/{id}/', { params: { path: { id } } })),
    onSuccess: () => {
      tellDone('The token was deleted.');
      setAsked(null);
      void client.invalidateQueries({ queryKey: keys.tokens });
    },
    onError: (error) => tellFailed('The token was not deleted', error),
  });
  if (tokens.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        You have none. A script needs one to speak with the server:{' '}
        <Code>Authorization: Token …</Code>
      </Text>
    );
  }
  return (
    <>
      <PanelTable columns={['For', 'Key', 'May', 'Made', 'Ends', { action: 'Delete' }]}>
        {tokens.map((token) => (
          <tr key={token.id}>
            <td>{token.description || '–'}</td>
            <td>
              <Code className="one-line">…{token.key.slice(-6)}</Code>
            </td>
            <td>
              <Badge color="gray" miw="max-content">
                {token.write_enabled ? 'read and change' : 'read'}
              </Badge>
            </td>
            <td>
              <Timestamp value={token.created} absolute />
            </td>
            <td>
              <Timestamp value={token.expires} absolute none="never" />
            </td>
            <td className={classes.number}>
              <ActionIcon
                aria-label={`Delete the token ${token.description || token.key}`}
                onClick={() => setAsked(token)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </td>
          </tr>
        ))}
      </PanelTable>
      <ConfirmDialog
        opened={asked !== null}
        title="Delete this token?"
        action="Delete the token"
        busy={remove.isPending}
        onConfirm={() => asked !== null && remove.mutate(asked.id)}
        onClose={() => setAsked(null)}
      >
        Whatever uses it is refused from then on.
      </ConfirmDialog>
    </>
  );
}
