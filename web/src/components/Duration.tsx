import { durationText, secondsBetween } from '~/time/format';
import { useAtClock } from '~/time/now';

/** How long it took, or takes so far. */
export function Duration({ started, done }: { started: string | null; done: string | null }) {
  const text = useAtClock((now) => {
    const seconds = secondsBetween(started, done, now);
    if (seconds === null) return '–';
    return durationText(done === null ? Math.floor(seconds) : seconds);
  });
  return (
    <span className="numbers" style={{ whiteSpace: 'nowrap' }}>
      {text}
    </span>
  );
}
