import { Link } from 'wouter';

/** Where a job's own page is. */
export function jobPath(classPath: string): string {
  return `/jobs/${encodeURIComponent(classPath)}`;
}

export function resultPath(id: string): string {
  return `/results/${id}`;
}

/** A job's name, which opens its page; the name alone when its record is gone. */
export function JobName({ name, classPath }: { name: string; classPath: string | null }) {
  if (classPath === null) return <span>{name}</span>;
  return (
    <Link href={jobPath(classPath)} className="quiet-link" style={{ fontWeight: 560 }}>
      {name}
    </Link>
  );
}
