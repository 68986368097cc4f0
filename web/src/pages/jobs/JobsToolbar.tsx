import { SearchField } from '~/components/SearchField';
import { Segments } from '~/components/Segments';
import { shows, type JobFilter, type Show } from './groups';
import classes from './Jobs.module.css';

interface JobsToolbarProps {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
  shown: number;
  hidden: number;
}

const words: Record<Show, string> = {
  all: 'All',
  favourites: 'Favourites',
  enabled: 'Enabled',
  disabled: 'Disabled',
  failing: 'Failing',
};
const choices = shows.map((value) => ({ value, label: words[value] }));

export function JobsToolbar({ filter, onChange, shown, hidden }: JobsToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <SearchField
        className={classes.search}
        label="Search jobs"
        hint="Search name, path, description"
        value={filter.query}
        onChange={(query) => onChange({ ...filter, query })}
      />
      <Segments
        label="Which jobs"
        value={filter.show}
        onChange={(show) => onChange({ ...filter, show })}
        choices={choices}
      />
      {hidden > 0 && (
        <label className={classes.hidden}>
          <input
            type="checkbox"
            checked={filter.hidden}
            onChange={(event) => onChange({ ...filter, hidden: event.currentTarget.checked })}
          />
          Hidden ones too ({hidden})
        </label>
      )}
      <span className={`${classes.count} numbers`} role="status">
        {shown === 1 ? '1 job' : `${shown} jobs`}
      </span>
    </div>
  );
}
