import { durationText } from '~/time/format';
import { lookOf, statusLooks } from './status';

export interface SparklineRun {
  id: string;
  status: string;
  duration: number | null;
}

const width = 84;
const height = 24;
const places = 10;

/** The last runs, oldest first: a bar each, as high as it took long, in its status' colour. */
export function Sparkline({ runs }: { runs: readonly SparklineRun[] }) {
  const shown = runs.slice(0, places).reverse();
  const longest = Math.max(...shown.map((run) => run.duration ?? 0), 0.001);
  const step = width / places;
  const label =
    shown.length === 0
      ? 'No runs yet'
      : `Last ${shown.length} runs, oldest first: ${shown.map(textOf).join(', ')}`;
  return (
    <svg width={width} height={height} role="img" aria-label={label} display="block">
      <title>{label}</title>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--line)" />
      {shown.map((run, index) => {
        const tall = Math.max(3, ((run.duration ?? 0) / longest) * (height - 2));
        const left = (places - shown.length + index) * step;
        return (
          <rect
            key={run.id}
            x={left + 1}
            y={height - tall}
            width={step - 2.4}
            height={tall}
            rx={1.2}
            fill={colorOf(run.status)}
          />
        );
      })}
    </svg>
  );
}

function textOf(run: SparklineRun): string {
  const word = lookOf(run.status).word.toLowerCase();
  return run.duration === null ? word : `${durationText(run.duration)} ${word}`;
}

function colorOf(status: string): string {
  if (status === 'SUCCESS') return 'var(--chart-success)';
  if (status === 'FAILURE') return 'var(--chart-failure)';
  return status === 'REVOKED' ? 'var(--chart-revoked)' : statusLooks.STARTED.color;
}
