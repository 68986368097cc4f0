import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '~/api/problem';
import classes from './ErrorState.module.css';
import { PlainButton } from './PlainButton';

interface ErrorStateProps {
  error: unknown;
  /** What could not be done: "The jobs cannot be shown". */
  title: string;
  retry?: () => void;
  className?: string;
}

/** Says what went wrong, and offers to try again. */
export function ErrorState({ error, title, retry, className = '' }: ErrorStateProps) {
  return (
    <div role="alert" className={`${classes.error} ${className}`}>
      <IconAlertTriangle size={20} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <strong className={classes.title}>{title}</strong>
        <span>{asProblem(error).detail}</span>
      </div>
      {retry !== undefined && <PlainButton onClick={retry}>Try again</PlainButton>}
    </div>
  );
}
