import { dig } from '../actors/deployments.ts';

interface Answer {
  readonly atMs: number;
  readonly isGood: boolean;
}

/** What the targets and their signals have answered to whoever asked. */
export class SignalLedger {
  readonly #nowMs: () => number;
  readonly #workloads = new Map<string, Answer[]>();
  readonly #metrics = new Map<string, Answer[]>();
  readonly #alerts = new Map<string, Answer[]>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A Deployment was shown: good is one whose status says that all of it is there. */
  onRead(name: string, object: unknown): void {
    const status = (field: string): number => Number(dig(object, 'status', field) ?? -1);
    const wanted = Number(dig(object, 'spec', 'replicas'));
    const isGood =
      status('observedGeneration') >= Number(dig(object, 'metadata', 'generation')) &&
      status('updatedReplicas') >= wanted &&
      status('availableReplicas') >= wanted;
    this.#put(this.#workloads, name, isGood);
  }

  onMeasured(name: string, isGood: boolean): void {
    this.#put(this.#metrics, name, isGood);
  }

  onAlert(fingerprint: string, isFiring: boolean): void {
    this.#put(this.#alerts, fingerprint, !isFiring);
  }

  #put(answers: Map<string, Answer[]>, name: string, isGood: boolean): void {
    const known = answers.get(name) ?? [];
    known.push({ atMs: this.#nowMs(), isGood });
    answers.set(name, known);
  }

  /** Signals of which fewer than so many good answers were ever given since then. */
  missing(of: {
    readonly name: string;
    /** Null where the source can be asked for no alert. */
    readonly fingerprints: readonly string[] | null;
    readonly sinceMs: number;
    readonly samples: number;
  }): readonly string[] {
    const good = (answers: readonly Answer[] | undefined): number =>
      answers?.filter(({ atMs, isGood }) => isGood && atMs >= of.sinceMs).length ?? 0;
    const counts = [
      ['workload', good(this.#workloads.get(of.name))],
      ['metric', good(this.#metrics.get(of.name))],
      ...(of.fingerprints ?? []).map(
        (fingerprint) => [`alert ${fingerprint}`, good(this.#alerts.get(fingerprint))] as const,
      ),
    ] as const;
    return counts.flatMap(([what, count]) =>
      count < of.samples ? `${what}: ${count} of ${of.samples}` : [],
    );
  }
}
