import type { ReactNode } from 'react';
import classes from './table.module.css';

/** A column's title; of numbers it stands at the right, as they do; of what can be done with a row, it is only read out. */
export type PanelColumn = string | { number: string } | { action: string };

interface PanelTableProps {
  columns: readonly PanelColumn[];
  /** The rows. */
  children: ReactNode;
}

/** A plain table inside a panel. Cells of numbers have the class `number` of table.module.css. */
export function PanelTable({ columns, children }: PanelTableProps) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Heading key={JSON.stringify(column)} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Heading({ column }: { column: PanelColumn }) {
  if (typeof column === 'string') return <th scope="col">{column}</th>;
  if ('number' in column) {
    return (
      <th scope="col" className={classes.number}>
        {column.number}
      </th>
    );
  }
  return (
    <th scope="col">
      <span className="only-read-out">{column.action}</span>
    </th>
  );
}
