import classes from './Skeleton.module.css';

interface SkeletonProps {
  /** CSS lengths; numbers are pixels. */
  height: number | string;
  width?: number;
  margin?: number | string;
  'aria-busy'?: 'true';
}

/** Stands where something will come, of its size. */
export function Skeleton({ height, width, margin, ...rest }: SkeletonProps) {
  return <div className={classes.skeleton} style={{ height, width, margin }} {...rest} />;
}
