import { newChatWorkspace, type ChatWorkspace } from '../../domain/announce/row.ts';
import { afterFailure, afterSuccess, isOpen } from '../../domain/announce/workspace.ts';
import { after, durationMs, latest, seconds, type EpochMs } from '../../domain/shared/time.ts';
import type { ChatFailure } from '../../ports/chat.ts';
import type { AnnounceDeps, ChatTenant } from './deps.ts';
import { tellOperators } from './tell-operators.ts';

/** Slack: one message a second in a channel, and little more of any other method. */
const betweenCallsMs = seconds(1);
/** What does not fit into this look is looked at again so much later. */
const nextLookMs = seconds(30);
const defaultRetryMs = seconds(30);

/** What the looks of one instance know of Slack's limits, by instants from which on they are over. */
export interface Limits {
  /** Of each tenant's lanes: when the next call may be made. */
  readonly lanes: Map<string, EpochMs>;
  /** Of tenants whom Slack asked to wait. */
  readonly waits: Map<string, EpochMs>;
}

export const noLimits = (): Limits => ({ lanes: new Map(), waits: new Map() });

/** Forgets the limits that are over. */
export function clearLimits({ lanes, waits }: Limits, nowMs: EpochMs): void {
  for (const limits of [lanes, waits]) {
    for (const [name, untilMs] of limits) if (untilMs <= nowMs) limits.delete(name);
  }
}

/**
 * The pace at which one look calls one workspace. After a limit, or while the workspace is out of
 * reach, it lets nobody through; a single failure may be chance.
 */
export class Pace {
  readonly #deps: AnnounceDeps;
  readonly #tenant: ChatTenant;
  readonly #endMs: EpochMs;
  readonly #limits: Limits;
  #workspace: ChatWorkspace;

  /** Of a look that ends at `endMs`, knowing how the workspace answered before. */
  constructor(
    deps: AnnounceDeps,
    of: {
      readonly tenant: ChatTenant;
      readonly endMs: EpochMs;
      readonly workspace: ChatWorkspace | null;
      readonly limits: Limits;
    },
  ) {
    this.#deps = deps;
    this.#tenant = of.tenant;
    this.#endMs = of.endMs;
    this.#limits = of.limits;
    this.#workspace = of.workspace ?? newChatWorkspace(of.tenant.id);
  }

  get workspace(): ChatWorkspace {
    return this.#workspace;
  }

  /** When the workspace may be called again; null when it may be now. */
  get closedUntilMs(): EpochMs | null {
    const nowMs = this.#deps.clock.now();
    const downMs = isOpen(this.#workspace, nowMs) ? null : this.#workspace.nextTryAtMs;
    const limitMs = this.#limits.waits.get(this.#tenant.id) ?? nowMs;
    if (limitMs <= nowMs) return downMs;
    return downMs === null ? limitMs : latest(downMs, limitMs);
  }

  /** Waits for the turn of a lane; the instant to put the work off to when it has none. */
  async turn(lane: string): Promise<EpochMs | null> {
    const closedUntilMs = this.closedUntilMs;
    if (closedUntilMs !== null) return closedUntilMs;
    const nowMs = this.#deps.clock.now();
    const name = `${this.#tenant.id} ${lane}`;
    const atMs = latest(nowMs, this.#limits.lanes.get(name) ?? nowMs);
    if (atMs >= this.#endMs) return after(nowMs, nextLookMs);
    this.#limits.lanes.set(name, after(atMs, betweenCallsMs));
    if (atMs > nowMs) await this.#deps.clock.sleep(durationMs(atMs - nowMs));
    return null;
  }

  /** Notes a failure; the instant before which there is no sense in another call, if there is one. */
  async failed(failure: ChatFailure): Promise<EpochMs | null> {
    const nowMs = this.#deps.clock.now();
    if (failure.kind === 'throttled') {
      const untilMs = after(nowMs, durationMs(failure.retryAfterMs ?? defaultRetryMs));
      this.#limits.waits.set(this.#tenant.id, untilMs);
      return untilMs;
    }
    const isSure = failure.about !== 'service';
    await this.remember(afterFailure(this.#workspace, { reason: failure.reason, isSure, nowMs }));
    if (isSure) await tellOperators(this.#deps, this.#tenant, failure);
    return this.closedUntilMs;
  }

  async succeeded(): Promise<void> {
    const { failures, pending } = this.#workspace;
    // While a summary is on its way, whoever sends it has the word.
    if (failures > 0 && pending === null) await this.remember(afterSuccess(this.#workspace));
  }

  /** Lets nobody through before the instant: somebody else has something to say first. */
  holdBack(untilMs: EpochMs): void {
    this.#limits.waits.set(this.#tenant.id, untilMs);
  }

  /**
   * Writes down how the workspace answers. Somebody who was first has seen the same: theirs holds.
   * Gives whether ours does.
   */
  async remember(next: ChatWorkspace): Promise<boolean> {
    const { rows, log } = this.#deps;
    this.#workspace = { ...next, version: this.#workspace.version + 1 };
    const saved = await rows.saveWorkspace(this.#workspace);
    if (saved.ok) return true;
    log.warn('How the chat answers was not written down.', { why: saved.error });
    const theirs = await rows.loadWorkspace(this.#tenant.id);
    if (theirs.ok && theirs.value !== null) this.#workspace = theirs.value;
    return false;
  }
}
