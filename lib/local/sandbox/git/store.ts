import { openFactLog, type FactLog } from '../http/fact-log.ts';
import type { Commit } from './objects.ts';
import { Repository, type Deed } from './repository.ts';
import type { GitSandboxRepository, GitSandboxSettings } from './settings.ts';

interface Fact {
  readonly atMs: number;
  readonly host: GitSandboxRepository['host'];
  readonly repository: string;
  readonly deed: Deed;
}

/** All repositories: a fold over the facts of the ledger. */
export class Store {
  readonly #settings: GitSandboxSettings;
  readonly #ledger: FactLog<Fact>;
  #repositories: readonly Repository[] = [];

  constructor(settings: GitSandboxSettings) {
    this.#settings = settings;
    this.#seed();
    this.#ledger = openFactLog<Fact>(settings.ledgerPath, ({ host, repository, deed, atMs }) => {
      this.find(host, repository)?.apply(deed, atMs);
    });
  }

  find(host: GitSandboxRepository['host'], name: string): Repository | undefined {
    return this.#repositories.find(
      ({ settings }) => settings.host === host && settings.name === name,
    );
  }

  repositories(): readonly Repository[] {
    return this.#repositories;
  }

  record(repository: Repository, deed: Deed): Commit | undefined {
    const { host, name } = repository.settings;
    const atMs = this.#settings.timekeeper.nowMs();
    this.#ledger.append({ atMs, host, repository: name, deed });
    return repository.apply(deed, atMs);
  }

  reset(): void {
    this.#ledger.clear();
    this.#seed();
  }

  #seed(): void {
    this.#repositories = this.#settings.repositories.map((one) => new Repository(one));
  }
}
