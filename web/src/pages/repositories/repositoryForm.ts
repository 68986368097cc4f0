/** What the form of a repository holds, and the request that it becomes. */
import type { Repository } from '~/api/queries';
import { countText } from '~/components/counts';
import type { NewRepository } from './repositoryCalls';

export type SecretKind = '' | 'token' | 'ssh_key';

export interface RepositoryValues {
  name: string;
  slug: string;
  remote_url: string;
  branch: string;
  poll_interval: string;
  secretKind: SecretKind;
  username: string;
  /** What was typed; "" keeps what the server has. */
  secret: string;
  known_hosts: string;
  webhook_secret: string;
  /** Whether the server shall forget the one it has. */
  dropsWebhook: boolean;
  python: string;
}

export function valuesOf(repository: Repository | null): RepositoryValues {
  return {
    name: repository?.name ?? '',
    slug: repository?.slug ?? '',
    remote_url: repository?.remote_url ?? '',
    branch: repository?.branch ?? 'main',
    poll_interval: String(repository?.poll_interval ?? 0),
    secretKind: (repository?.secret_kind ?? '') as SecretKind,
    username: repository?.username ?? '',
    secret: '',
    known_hosts: repository?.known_hosts ?? '',
    webhook_secret: '',
    dropsWebhook: false,
    python: repository?.python ?? '',
  };
}

/** Whether a URL is for ssh, whose hosts and keys are asked for. */
export function isSsh(url: string): boolean {
  return /^ssh:/i.test(url) || /^[^/:@\s]+@[^/:\s]+:/.test(url);
}

/** A secret is sent when one was typed, or when another kind, or none, replaces the one that is kept. */
function secretsOf(values: RepositoryValues, before: Repository | null): Partial<NewRepository> {
  const kept = (before?.secret_kind ?? '') as SecretKind;
  const sent: Partial<NewRepository> = {};
  if (kept !== '' && kept !== values.secretKind) sent[kept] = null;
  if (values.secretKind !== '' && values.secret !== '') sent[values.secretKind] = values.secret;
  if (values.webhook_secret !== '') sent.webhook_secret = values.webhook_secret;
  else if (values.dropsWebhook) sent.webhook_secret = null;
  return sent;
}

export function requestOf(values: RepositoryValues, before: Repository | null): NewRepository {
  const { name, slug, remote_url, branch, username, known_hosts, python } = values;
  return {
    name: name.trim(),
    remote_url: remote_url.trim(),
    branch: branch.trim(),
    poll_interval: Number(values.poll_interval),
    username: username.trim(),
    known_hosts,
    python: python.trim(),
    ...(before === null && slug.trim() !== '' ? { slug: slug.trim() } : {}),
    ...secretsOf(values, before),
  };
}

const usual = [
  { value: '0', label: 'Never by itself' },
  { value: '60', label: 'Every minute' },
  { value: '300', label: 'Every 5 minutes' },
  { value: '900', label: 'Every 15 minutes' },
  { value: '3600', label: 'Every hour' },
  { value: '86400', label: 'Every day' },
];

/** The intervals to choose from; one that was set elsewhere is among them. */
export function intervals(chosen: string) {
  if (usual.some(({ value }) => value === chosen)) return usual;
  return [...usual, { value: chosen, label: `Every ${countText(Number(chosen))} seconds` }];
}
