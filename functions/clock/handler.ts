import { runClock } from '../../lib/app/run-clock.ts';
import { wireClock } from '../../lib/wire/clock.ts';

const app = wireClock();

/** Acts on everything that is due now or within the next minute, each at its instant. */
export async function handler(): Promise<{ readonly handled: number; readonly failed: number }> {
  const tick = await runClock(app);
  if (!tick.ok) throw new Error(`The clock cannot read what is due: ${tick.error.message}`);
  if (tick.value.failed > 0)
    app.log.warn('Some due rows wait for the next tick.', { ...tick.value });
  return tick.value;
}
