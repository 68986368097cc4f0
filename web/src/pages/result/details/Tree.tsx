import { JsonView } from 'react-json-view-lite';
import classes from './Details.module.css';

const style = {
  container: classes.tree!,
  basicChildStyle: classes.basic!,
  childFieldsContainer: classes.children!,
  label: classes.field!,
  clickableLabel: `${classes.field} ${classes.opens}`,
  nullValue: classes.word!,
  undefinedValue: classes.word!,
  booleanValue: classes.word!,
  numberValue: classes.number!,
  stringValue: classes.text!,
  otherValue: classes.text!,
  punctuation: classes.punctuation!,
  expandIcon: classes.fold!,
  collapseIcon: classes.unfold!,
  collapsedContent: classes.folded!,
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  stringifyStringValues: true,
  ariaLables: { collapseJson: 'Fold', expandJson: 'Unfold' },
};

/** More than this at one place begins folded. */
const mostOpen = 100;

/** JSON as a tree that folds. */
export function Tree({ value, label }: { value: object; label: string }) {
  return (
    <JsonView
      data={value}
      style={style}
      aria-label={label}
      clickToExpandNode
      shouldExpandNode={(level, node: unknown) =>
        level === 0 || (level < 3 && Object.keys((node ?? {}) as object).length <= mostOpen)
      }
    />
  );
}
