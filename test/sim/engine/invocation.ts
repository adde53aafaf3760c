import { err, type Result } from '../../../lib/domain/shared/result.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import type { FaultRates } from './fault-rates.ts';
import type { Random } from './random.ts';
import type { Agenda } from './scheduler.ts';

/** What the platform makes of one run of a function. */
export type Ended<Value> =
  { readonly kind: 'answered'; readonly value: Value } | { readonly kind: 'killed' };

type FaultKind = keyof FaultRates;
type Call = (...args: never[]) => Promise<Result<unknown, PortFailure>>;

/** How calls go: how long they take, and how they fail. */
export interface Chances {
  readonly scheduler: Agenda;
  readonly latency: Random;
  readonly faults: Random;
  readonly latencyMs: number;
  /** Null while calls do not fail. */
  readonly rates: () => FaultRates | null;
}

/** What an invocation needs of its world. */
export interface InvocationSetting extends Chances {
  readonly onCall: (name: string, fault: FaultKind | null) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * One run of a function. Every port call takes time and can fail: killed before or after its
 * effect, throttled, refused as a conflict, slow, or with its answer lost. After a kill nothing
 * that this run waits for ever comes, and what is on the wire happens or does not.
 */
export class Invocation {
  readonly name: string;
  readonly #setting: InvocationSetting;
  #isDead = false;
  #die: () => void = () => undefined;

  constructor(name: string, setting: InvocationSetting) {
    this.name = name;
    this.#setting = setting;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Runs until it answers, dies or uses up its time. */
  run<Value>(work: () => Promise<Value>, timeoutMs: number): Promise<Ended<Value>> {
    const { scheduler, onError } = this.#setting;
    return new Promise((resolve) => {
      this.#die = () => resolve({ kind: 'killed' });
      scheduler.in(timeoutMs, () => this.kill());
      work().then((value) => {
        if (this.#isDead) return;
        this.#isDead = true;
        resolve({ kind: 'answered', value });
      }, onError);
    });
  }

  /** Ends the run where it stands. */
  kill(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#die();
  }

  /** The sleep of this run; nobody wakes the dead. */
  sleep(spanMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#setting.scheduler.in(spanMs, () => {
        if (!this.#isDead) resolve();
      });
    });
  }

  /** A port whose every call goes through the faults. */
  port<Port extends object>(name: string, port: Port): Port {
    const calls = Object.entries(port) as [string, Call][];
    const wrapped = calls.map(([method, call]) => [
      method,
      (...args: never[]) => this.call(`${name}.${method}`, () => call(...args)),
    ]);
    // The same methods under the same names, each with the same arguments and answer.
    return Object.fromEntries(wrapped) as Port;
  }

  /** One call: there, effect, and back. */
  call<Value>(
    name: string,
    effect: () => Promise<Result<Value, PortFailure>>,
    chances: Chances = this.#setting,
  ): Promise<Result<Value, PortFailure>> {
    if (this.#isDead) return new Promise(() => undefined);
    const fault = draw(name, chances);
    this.#setting.onCall(name, fault);
    const thereMs = delay(fault, chances);
    return new Promise((resolve) => {
      chances.scheduler.in(thereMs, () => {
        if (fault === 'killedBefore') {
          this.kill();
          return;
        }
        if (this.#isDead && chances.faults.chance(0.5)) return undefined;
        const refused = refusal(fault);
        if (refused !== null) {
          this.#answer<Result<Value, PortFailure>>(err(refused), resolve);
          return;
        }
        return void effect().then((result) => {
          if (fault === 'killedAfter') this.kill();
          else this.#come(seenAs(fault, result), resolve, { fault, chances });
        });
      });
    });
  }

  /** A call that its adapter gives up after a time, whatever becomes of it. */
  timed<Value>(
    name: string,
    timeoutMs: number,
    effect: () => Promise<Result<Value, PortFailure>>,
    chances: Chances = this.#setting,
  ): Promise<Result<Value, PortFailure>> {
    const givenUp = new Promise<Result<Value, PortFailure>>((resolve) => {
      chances.scheduler.in(timeoutMs, () =>
        this.#answer<Result<Value, PortFailure>>(
          err({ kind: 'timeout', message: `No answer in ${timeoutMs} ms.` }),
          resolve,
        ),
      );
    });
    return Promise.race([this.call(name, effect, chances), givenUp]);
  }

  #come<Answer>(
    seen: Answer,
    resolve: (seen: Answer) => void,
    { fault, chances }: { readonly fault: FaultKind | null; readonly chances: Chances },
  ): void {
    chances.scheduler.in(delay(fault, chances), () => this.#answer(seen, resolve));
  }

  #answer<Answer>(answer: Answer, resolve: (answer: Answer) => void): void {
    if (!this.#isDead) resolve(answer);
  }
}

const seenAs = <Value>(
  fault: FaultKind | null,
  result: Result<Value, PortFailure>,
): Result<Value, PortFailure> =>
  fault === 'answerLost' ? err({ kind: 'timeout', message: 'The answer was lost.' }) : result;

function delay(fault: FaultKind | null, { latency, latencyMs }: Chances): number {
  const usual = latencyMs === 0 ? 0 : latency.int(0, latencyMs);
  return fault === 'slow' ? usual + latency.int(500, 8_000) : usual;
}

function draw(name: string, { faults, rates }: Chances): FaultKind | null {
  const drawn = faults.next();
  const current = rates();
  if (current === null) return null;
  let sum = 0;
  for (const [kind, probability] of Object.entries(current) as [FaultKind, number][]) {
    if (kind === 'conflict' && name !== 'store.commit') continue;
    sum += probability;
    if (drawn < sum) return kind;
  }
  return null;
}

function refusal(fault: FaultKind | null): PortFailure | null {
  if (fault === 'throttled') return { kind: 'throttled', message: 'Too many requests.' };
  if (fault === 'conflict')
    return { kind: 'conflict', message: 'Another transaction is under way.' };
  return null;
}
