import { expect, test } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createActionWorld, type ActionWorld } from './action-world.ts';
import { Killed, type TargetFault } from './fake-targets.ts';

const rolled = ['checkout: v2 -> half-1', 'checkout: half-1 -> v1'];

/** A rollback in two steps, from the request to the verdict. */
async function rollBack(world: ActionWorld): Promise<string> {
  world.targets.steps = 2;
  const incident = await world.openOn('checkout');
  const { action } = await world.ask(incident);
  await world.untilPlanned(action.id);
  expect(await world.approve(world.action(action.id), 'grace')).toBeNull();
  await world.untilOver(minutes(6));
  return world.how(action.id);
}

const kills: readonly TargetFault[] = (['plan', 'send', 'look'] as const).flatMap((call) =>
  (['before', 'after'] as const).map((killed) => ({ call, killed })),
);

test.each(
  kills.map((fault) => ({ name: 'killed' in fault ? `${fault.killed} ${fault.call}` : '', fault })),
)('killed $name, it is taken over and nothing is done twice', async ({ fault }) => {
  const world = createActionWorld();
  world.targets.faults.push(fault);
  expect(await rollBack(world)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
  expect(world.kills).toBe(1);
});

test('killed at any call of the store or of the target, before it and after it', async () => {
  const calls = await countCalls();
  expect(calls).toBeGreaterThan(30);
  for (let nth = 1; nth <= calls; nth += 1) {
    for (const when of ['before', 'after'] as const) {
      const world = createActionWorld();
      killAt(world, { nth, when });
      expect(await rollBack(world), `killed ${when} call ${nth}`).toMatch(/^verified: /);
      expect(world.done, `killed ${when} call ${nth}`).toEqual(rolled);
    }
  }
});

async function countCalls(): Promise<number> {
  const world = createActionWorld();
  const count = killAt(world, { nth: Infinity, when: 'before' });
  await rollBack(world);
  return count();
}

/** The function that acts dies at its nth call. Gives how many there were. */
function killAt(
  world: ActionWorld,
  { nth, when }: { readonly nth: number; readonly when: 'before' | 'after' },
): () => number {
  let calls = 0;
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        // Every member of these ports is such a call.
        const call = Reflect.get(target, name) as (...args: readonly unknown[]) => Promise<unknown>;
        return async (...args: readonly unknown[]) => {
          calls += 1;
          const isLast = calls === nth;
          if (isLast && when === 'before') throw new Killed(`before ${String(name)}`);
          const answer = await call(...args);
          if (isLast) throw new Killed(`after ${String(name)}`);
          return answer;
        };
      },
    });
  const { actuators, ...acting } = world.acting;
  const kubernetes = mortal(actuators.kubernetes);
  world.worker = {
    ...acting,
    store: mortal(acting.store),
    actionRows: mortal(acting.actionRows),
    actuators: { ...actuators, kubernetes },
  };
  return () => calls;
}
