import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './PageHeader.module.css';

interface PageHeaderProps {
  title: string;
  /** One line below the title. */
  about?: ReactNode;
  /** What can be done here: buttons on the right. */
  children?: ReactNode;
}

/** The head of a page; also names the browser's tab. */
export function PageHeader({ title, about, children }: PageHeaderProps) {
  useDocumentTitle(`${title} · Windlass`);
  return (
    <div className={classes.head}>
      <div className={classes.what}>
        <h1 className={classes.title}>{title}</h1>
        {about !== undefined && <div className={classes.about}>{about}</div>}
      </div>
      <div className={classes.actions}>{children}</div>
    </div>
  );
}
