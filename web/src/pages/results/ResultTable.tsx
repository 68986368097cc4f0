import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import { useDeferredValue } from 'react';
import type { JobResult } from '~/api/queries';
import type { CellContext, Column } from './columns';
import type { Sort } from './filters';
import classes from './ResultTable.module.css';

const firstRows = 16;

interface ResultTableProps {
  results: readonly JobResult[];
  columns: readonly Column[];
  context: CellContext;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  /** Whether what is shown is of the filters before, while the next comes. */
  stale: boolean;
}

/** The list; on a narrow window each row is a card. */
export function ResultTable(props: ResultTableProps) {
  const { results, columns, selected, onSelect } = props;
  // What is in sight first: the rest follows at once, without holding that up.
  const drawn = useDeferredValue(results, results.slice(0, firstRows));
  const here = results.filter((result) => selected.has(result.id)).length;
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <table className={classes.table} data-stale={props.stale || undefined}>
      <thead>
        <tr>
          <th className={classes.check}>
            <input
              type="checkbox"
              className={classes.box}
              aria-label="Select all of this page"
              ref={(box) => {
                if (box) box.indeterminate = here > 0 && here < results.length;
              }}
              checked={here === results.length}
              onChange={() =>
                onSelect(new Set(here === results.length ? [] : results.map(({ id }) => id)))
              }
            />
          </th>
          {columns.map((column) => (
            <Heading key={column.name} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {drawn.map((result) => (
          <tr key={result.id} data-selected={selected.has(result.id) || undefined}>
            <td className={classes.check}>
              <input
                type="checkbox"
                className={classes.box}
                aria-label={`Select ${result.name}, ${result.date_created}`}
                checked={selected.has(result.id)}
                onChange={() => toggle(result.id)}
              />
            </td>
            {columns.map((column) => (
              <td
                key={column.name}
                data-column={column.name}
                className={column.isNumber ? classes.number : undefined}
              >
                {column.cell(result, props.context)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type HeadingProps = Pick<ResultTableProps, 'sort' | 'onSort'> & { column: Column };

function Heading({ column, sort, onSort }: HeadingProps) {
  const by = column.sort as 'date_created' | 'date_done' | undefined;
  const className = column.isNumber ? classes.number : undefined;
  if (by === undefined) {
    return (
      <th scope="col" className={className}>
        {column.title}
      </th>
    );
  }
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none';
  const Arrow = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }[
    direction
  ];
  return (
    <th scope="col" className={className} aria-sort={direction}>
      <button
        type="button"
        className={classes.sort}
        onClick={() => onSort(direction === 'descending' ? by : `-${by}`)}
      >
        {column.title}
        <Arrow size={13} aria-hidden />
      </button>
    </th>
  );
}
