import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { summaryQuery } from '~/api/queries';
import { isOpen, navigation } from './pages';
import classes from './Shell.module.css';

/** Links to the pages; Results shows how many run now. */
export function Navigation({ onChosen }: { onChosen: () => void }) {
  const [location] = useLocation();
  const running = useQuery(summaryQuery).data?.running_count ?? 0;
  return (
    <>
      {navigation.map(({ path, title, icon: IconOf }) => (
        <Link
          key={path}
          href={path}
          className={classes.link}
          onClick={onChosen}
          aria-current={isOpen(path, location) ? 'page' : undefined}
        >
          {IconOf !== undefined && <IconOf size={18} stroke={1.7} aria-hidden />}
          {title}
          {path === '/results' && running > 0 && (
            <span className={classes.count} aria-label={`${running} running`}>
              {running}
            </span>
          )}
        </Link>
      ))}
    </>
  );
}
