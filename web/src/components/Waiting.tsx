import { IconLoader2 } from '@tabler/icons-react';
import classes from './Waiting.module.css';

/** Stands for a whole page while it comes. */
export function Waiting() {
  return (
    <div className={classes.waiting}>
      <IconLoader2 size={26} className="turning" aria-label="Loading" role="img" />
    </div>
  );
}
