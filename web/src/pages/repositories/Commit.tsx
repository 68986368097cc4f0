import { shortCommit } from './states';

/** A commit, leading to its page where the host has one. */
export function Commit({ commit, url }: { commit: string; url: string | null }) {
  if (commit === '') return <span className="dimmed">none yet</span>;
  const text = <code title={commit}>{shortCommit(commit)}</code>;
  if (url === null) return text;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}
