import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { onSignedOut } from '~/api/client';
import { keys, sessionQuery } from '~/api/queries';
import { ErrorState } from '~/components/ErrorState';
import { Waiting } from '~/components/Waiting';
import { NotFound } from './NotFound';
import { PageBoundary } from './PageBoundary';
import { loadPagesSoon, pages } from './pages';
import { Shell } from './Shell';
import classes from './Shell.module.css';

const SignIn = lazy(() => import('~/pages/sign-in/SignIn'));

/** The pages of who is signed in; everybody else is asked to, and comes back afterwards. */
function SignedIn() {
  const session = useQuery(sessionQuery);
  const client = useQueryClient();
  const [location] = useLocation();
  useEffect(
    () => onSignedOut(() => void client.invalidateQueries({ queryKey: keys.session })),
    [client],
  );
  useEffect(loadPagesSoon, []);
  if (session.isPending) return <Waiting />;
  if (session.isError) {
    return (
      <ErrorState
        className={classes.alone}
        error={session.error}
        title="Windlass cannot be reached"
        retry={() => void session.refetch()}
      />
    );
  }
  if (session.data.user === null) {
    const next = window.location.pathname + window.location.search;
    return <Redirect to={`/sign-in${next === '/' ? '' : `?next=${encodeURIComponent(next)}`}`} />;
  }
  return (
    <Shell>
      <PageBoundary key={location}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            {pages.map(({ path, component }) => (
              <Route key={path} path={path} component={component} />
            ))}
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </PageBoundary>
    </Shell>
  );
}

export function App() {
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/sign-in" component={SignIn} />
        <Route component={SignedIn} />
      </Switch>
    </Suspense>
  );
}
