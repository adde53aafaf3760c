import { reconcile, type Reconciled } from '../../lib/app/reconcile/reconcile.ts';
import { wireReconcile } from '../../lib/wire/reconcile.ts';

const app = wireReconcile();

/** Compares our open incidents with PagerDuty's, every four minutes. */
export async function handler(): Promise<Reconciled> {
  const done = await reconcile(app);
  if (!done.ok) throw new Error(`PagerDuty cannot be compared with: ${done.error.message}`);
  if (done.value.healed + done.value.failed + done.value.switchedOn > 0) {
    app.log.warn('PagerDuty and Tocsin said different things.', { ...done.value });
  }
  return done.value;
}
