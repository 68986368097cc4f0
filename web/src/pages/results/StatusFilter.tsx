import { withToggled } from '~/api/preferences';
import { statuses, type Status } from '~/api/statuses';
import { statusLooks } from '~/components/status';
import classes from './StatusFilter.module.css';

interface StatusFilterProps {
  value: readonly Status[];
  onChange: (value: Status[]) => void;
}

/** Which statuses: none chosen means all. */
export function StatusFilter({ value, onChange }: StatusFilterProps) {
  return (
    <div role="group" aria-label="Status" className={classes.group}>
      {statuses.map((status) => {
        const { word, icon: IconOf, color, ground } = statusLooks[status];
        const isChosen = value.includes(status);
        return (
          <button
            key={status}
            type="button"
            className={classes.chip}
            style={isChosen ? { color, backgroundColor: ground, borderColor: color } : undefined}
            aria-pressed={isChosen}
            onClick={() => onChange(withToggled(value, status) as Status[])}
          >
            <IconOf size={14} stroke={2} aria-hidden />
            {word}
          </button>
        );
      })}
    </div>
  );
}
