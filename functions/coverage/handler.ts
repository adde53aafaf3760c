import { watchCoverage } from '../../lib/app/coverage/watch-coverage.ts';
import { wireCoverage } from '../../lib/wire/coverage.ts';

const app = wireCoverage();

/** Proves, twice a day, that every route ends at a person for the next seven days. */
export async function handler(): Promise<{ readonly tenants: number; readonly gaps: number }> {
  const proved = await watchCoverage(app);
  if (!proved.ok) throw new Error(`The coverage cannot be proved: ${proved.error.message}`);
  const gaps = proved.value.flatMap((coverage) => coverage.gaps).length;
  return { tenants: proved.value.length, gaps };
}
