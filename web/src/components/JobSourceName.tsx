import { Link } from 'wouter';

export const repositoryPath = (slug: string) => `/repositories/${encodeURIComponent(slug)}`;

const words: Record<string, string> = {
  jobs_root: 'Jobs folder',
  system: 'Windlass',
  file: 'File',
  app: 'App',
};

/** Where a job comes from, in words: "git:net" leads to its repository. */
export function JobSourceName({ source }: { source: string }) {
  const [kind = '', name = ''] = source.split(/:(.*)/);
  if (kind === 'git') {
    return (
      <>
        Git repository <Link href={repositoryPath(name)}>{name}</Link>
      </>
    );
  }
  const word = words[kind] ?? source;
  return name === '' ? word : `${word} ${name}`;
}
