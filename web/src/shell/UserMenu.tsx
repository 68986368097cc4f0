import { IconBook2, IconKey, IconLogout } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { sessionQuery } from '~/api/queries';
import { signOut } from '~/api/session';
import { tellFailed } from '~/components/notices';
import { Popup } from '~/components/Popup';
import { SchemeChoice } from './SchemeChoice';
import classes from './Shell.module.css';

/** Who is signed in, the colours, and the way out. */
export function UserMenu() {
  const client = useQueryClient();
  const session = useQuery(sessionQuery).data;
  const name = session?.user?.display || session?.user?.username || '';
  async function leave() {
    const answered = await signOut();
    if (!answered.ok) return tellFailed('You are still signed in', answered.problem);
    client.clear();
    location.assign('/sign-in');
  }
  return (
    <Popup
      label="Account"
      side="right"
      buttonClass={classes.account ?? ''}
      button={
        <>
          <span className={classes.initials} aria-hidden>
            {initialsOf(name)}
          </span>
          <span className="only-read-out">Account: {name}</span>
        </>
      }
    >
      {() => (
        <>
          <div className={classes.who}>
            <strong>{name}</strong>
            Windlass {session?.version}
          </div>
          <SchemeChoice fullWidth />
          <div className={classes.choices}>
            <Link href="/settings#account">
              <IconKey size={16} aria-hidden /> Password and tokens
            </Link>
            <a href="/api/docs/">
              <IconBook2 size={16} aria-hidden /> API documentation
            </a>
            <button type="button" onClick={() => void leave()}>
              <IconLogout size={16} aria-hidden /> Sign out
            </button>
          </div>
        </>
      )}
    </Popup>
  );
}

/** "Ada Lovelace" has "AL", "ada" has "A". */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.slice(1).at(-1)].map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}
