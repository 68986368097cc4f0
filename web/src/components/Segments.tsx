import { useId } from 'react';
import classes from './Segments.module.css';

interface SegmentsProps<T extends string> {
  /** What is chosen here, for who does not see it. */
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: string }[];
  fullWidth?: boolean;
  className?: string;
}

/** One of a few, all in sight. Radio buttons: nothing has to be measured before the page shows. */
export function Segments<T extends string>(props: SegmentsProps<T>) {
  const { label, value, onChange, choices, fullWidth = false, className = '' } = props;
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={`${classes.root} ${className}`}
      data-wide={fullWidth || undefined}
    >
      {choices.map((choice) => (
        <label key={choice.value} className={classes.choice}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}
