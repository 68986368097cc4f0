import { IconColumns3 } from '@tabler/icons-react';
import { usePreferences, withToggled } from '~/api/preferences';
import { buttonClass } from '~/components/PlainButton';
import { Popup } from '~/components/Popup';
import { chosenColumns, columns } from './columns';
import classes from './ResultTable.module.css';

/** Which columns the list has; kept with the account. Cards have no columns: a narrow window does not offer it. */
export function ColumnsMenu() {
  const { preferences, change } = usePreferences();
  const chosen = chosenColumns(preferences.result_columns).map((column) => column.name);
  return (
    <Popup
      label="Columns"
      side="right"
      buttonClass={buttonClass({}, classes.ofTable)}
      button={
        <>
          <IconColumns3 size={16} aria-hidden />
          Columns
        </>
      }
    >
      {() => (
        <div className={classes.columns}>
          {columns.map(({ name, title }) => (
            <label key={name}>
              <input
                type="checkbox"
                className={classes.box}
                checked={chosen.includes(name)}
                disabled={name === 'name'} // it is the way to the result
                onChange={() => change(() => ({ result_columns: withToggled(chosen, name) }))}
              />
              {title}
            </label>
          ))}
        </div>
      )}
    </Popup>
  );
}
