import { Alert, Code, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import { keys, sessionQuery } from '~/api/queries';
import { makeFirstAccount, signIn, type Session } from '~/api/session';
import { ErrorState } from '~/components/ErrorState';
import { Skeleton } from '~/components/Skeleton';
import { EntryForm } from './EntryForm';
import { codeOf, nextPath } from './nextPath';
import mark from '~/shell/mark.svg';
import classes from './SignIn.module.css';

/** Signs in with a password, or makes the first account with the code of the one-time link. */
export default function SignIn() {
  useDocumentTitle('Sign in · Windlass');
  const session = useQuery(sessionQuery);
  const client = useQueryClient();
  const [, go] = useLocation();
  const [code] = useState(() => codeOf(window.location.hash));
  const [next] = useState(() => nextPath(window.location.search));
  const entered = (now: Session) => {
    client.setQueryData(keys.session, now);
    go(next, { replace: true });
  };
  if (session.data?.user) return <Redirect to={next} replace />;
  const firstAccount = session.data?.first_account ?? false;
  const makesAccount = code !== null && firstAccount;
  return (
    <main className={classes.ground}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src={mark} alt="" width={36} height={36} />
          <div>
            <Title order={1}>{makesAccount ? 'Welcome to Windlass' : 'Windlass'}</Title>
            <Text size="sm" c="dimmed">
              {makesAccount ? 'Make your account to begin.' : 'Sign in to run jobs.'}
            </Text>
          </div>
        </div>
        {session.isError && (
          <ErrorState
            error={session.error}
            title="Windlass cannot be reached"
            retry={() => void session.refetch()}
          />
        )}
        {code !== null && session.data !== undefined && !firstAccount && (
          <Alert icon={<IconInfoCircle />} color="orange" mb="md" title="This link was used">
            There is an account already. Sign in with it.
          </Alert>
        )}
        {code === null && firstAccount && (
          <Alert icon={<IconInfoCircle />} color="iris" mb="md" title="There is no account yet">
            Open the one-time link that <Code>windlass start</Code> printed where it runs, or make
            an account with <Code>windlass createsuperuser</Code>.
          </Alert>
        )}
        {session.isPending ? (
          // Which form it will be is not known yet; one that changes would lose what was typed.
          <Skeleton height={186} aria-busy="true" />
        ) : (
          <EntryForm
            key={String(makesAccount)}
            isNew={makesAccount}
            enter={
              makesAccount ? (name, password) => makeFirstAccount(code, name, password) : signIn
            }
            onEntered={entered}
          />
        )}
      </div>
    </main>
  );
}
