import { createHash } from 'node:crypto';
import type { Commit, IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { adoptedSourceId } from '../../../lib/domain/incident/adopted.ts';
import type { PageRequested } from '../../../lib/domain/incident/page-event.ts';
import type { Severity, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { NaiveClocks } from './naive-clocks.ts';
import type { Verdict } from './verdict.ts';

/** What the oracle knows of one incident, from its commits alone. */
export class Notebook {
  readonly id: string;
  readonly correlationKey: string;
  readonly dedupKey: string;
  readonly isOperator: boolean;
  /** A person has opened it: no source will ever say a word about it. */
  readonly isByPerson: boolean;
  /** It was born in PagerDuty, which has paged for it. */
  readonly isAdopted: boolean;
  readonly clocks: NaiveClocks;
  readonly openedAtMs: number;
  version = 0;
  changedAtMs = 0;
  lastHash = '';
  /** Every commit so far, by its hash. */
  readonly hashes = new Set<string>();
  state: 'triggered' | 'acknowledged' | 'resolved' = 'triggered';
  severity: Severity;
  resolvedAtMs: number | null = null;
  /** Since when nobody has to be woken: answered, or over. */
  quietSinceMs: number | null = null;
  resolveCause: string | null = null;
  resolveCount = 0;
  /** How often its state changed. */
  moves = 0;
  wasTruncated = false;
  /** A failed action opened it again: only people close it, or what an alert began since. */
  isHeldOpen = false;
  /** A person has said how grave it is. */
  isJudged = false;
  /** Word of the pager came after its 15 minutes, and nobody there could confirm it. */
  wasToldTooLate = false;
  /** When the log last took note of an attempt on the second channel that failed. */
  secondFailedAtMs = 0;
  /** What each message that the second channel was asked for is to say. */
  readonly secondTexts: string[] = [];
  readonly openIntents = new Map<string, PageRequested>();
  /** Ended intents, with the type of event that ended them. */
  readonly ended = new Map<string, IncidentEvent['type']>();
  /** Incidents whose page took the place of one of this incident's. */
  readonly summaries = new Set<string>();

  constructor(commit: Commit, policy: TenantPolicy) {
    const [opened] = commit.events;
    if (opened?.type !== 'incident.opened') throw new Error('a log begins with its opening');
    this.id = commit.incidentId;
    this.correlationKey = opened.correlationKey;
    this.dedupKey = opened.dedupKey;
    this.isOperator = opened.isOperator;
    this.isAdopted = opened.sourceId === adoptedSourceId;
    this.isByPerson = opened.sourceId === 'slack' || opened.sourceId === adoptedSourceId;
    this.severity = opened.severity;
    this.openedAtMs = commit.atMs;
    this.clocks = new NaiveClocks(policy, opened.severity, commit.atMs);
  }

  /** Checks that a commit continues the log, and follows each of its events. */
  take(commit: Commit, verdict: Verdict): void {
    const name = `incident ${this.id}, commit at ${commit.firstSeq} (${commit.causeId})`;
    verdict.check(
      commit.firstSeq === this.version + 1 && commit.previousHash === this.lastHash,
      'I25',
      () => `${name} does not continue sequence ${this.version} with hash ${this.lastHash}`,
    );
    const { hash, ...rest } = commit;
    verdict.check(hash === sha256(sorted(rest)), 'I25', () => `${name}: the hash is another`);
    for (const event of commit.events) {
      this.#notice(event);
      this.#follow(event, name, verdict);
      if (event.type === 'page.attempt_failed' && event.channel === 'fallback') {
        this.secondFailedAtMs = commit.atMs;
      }
      this.clocks.follow(event, commit.atMs, (what) =>
        verdict.check(false, 'I11', () => `${name}: ${what}`),
      );
    }
    this.clocks.demandBreaches(commit.atMs, (what) =>
      verdict.check(false, 'I11', () => `${name}: ${what}`),
    );
    this.version += commit.events.length;
    this.lastHash = hash;
    this.changedAtMs = commit.atMs;
    this.hashes.add(hash);
    if (this.state === 'resolved') this.resolvedAtMs ??= commit.atMs;
    this.quietSinceMs = this.state === 'triggered' ? null : (this.quietSinceMs ?? commit.atMs);
  }

  /** What changes what may be expected of it. */
  #notice(event: IncidentEvent): void {
    this.isJudged ||= event.type === 'severity.changed' && event.by.kind === 'person';
    if (event.type === 'alerts.attached') {
      this.wasTruncated = event.truncatedAlerts > 0;
      this.isHeldOpen &&= event.totals.firing === 0;
    }
    if (event.type === 'incident.reopened') {
      this.isHeldOpen = event.by.kind === 'system' && event.by.part === 'actions';
    }
    const isTooLate = event.type === 'pager.activity' && event.text.includes('came too late');
    this.wasToldTooLate ||= isTooLate;
  }

  #follow(event: IncidentEvent, name: string, verdict: Verdict): void {
    switch (event.type) {
      case 'severity.changed':
        verdict.check(
          event.to < event.from || event.by.kind === 'person',
          'I7',
          () => `${name}: lowered from ${event.from} to ${event.to} by ${event.by.kind}`,
        );
        this.severity = event.to;
        return;
      case 'incident.acknowledged': {
        this.#move('acknowledged', this.state === 'triggered', name, verdict);
        return;
      }
      case 'acknowledgement.idle':
      case 'incident.unacknowledged': {
        this.#move('triggered', this.state === 'acknowledged', name, verdict);
        return;
      }
      case 'incident.reopened':
        this.#move('triggered', this.state === 'resolved', name, verdict);
        this.resolvedAtMs = null;
        return;
      case 'incident.resolved':
        verdict.check(
          !this.isHeldOpen || event.cause !== 'source',
          'I6',
          () => `${name}: a failed action opened it again, and nobody closed it`,
        );
        this.isHeldOpen = false;
        this.resolveCause = event.cause;
        this.resolveCount += 1;
        {
          this.#move('resolved', this.state !== 'resolved', name, verdict);
          return;
        }
      case 'page.requested':
        this.openIntents.set(event.intentId, event);
        if (event.channel === 'fallback') this.secondTexts.push(event.text);
        return;
      case 'page.superseded':
        if (event.byIncidentId !== null) this.summaries.add(event.byIncidentId);
        {
          this.#end(event, name, verdict);
          return;
        }
      case 'page.accepted':
      case 'page.dead_lettered': {
        this.#end(event, name, verdict);
        return;
      }
      default:
        return;
    }
  }

  #move(to: Notebook['state'], isLegal: boolean, name: string, verdict: Verdict): void {
    verdict.check(isLegal, 'I35', () => `${name}: from ${this.state} to ${to}`);
    this.moves += 1;
    this.state = to;
  }

  #end(
    { type, intentId }: { readonly type: IncidentEvent['type']; readonly intentId: string },
    name: string,
    verdict: Verdict,
  ): void {
    verdict.check(
      this.openIntents.delete(intentId),
      'I28',
      () => `${name}: ${type} of ${intentId}, which is not open`,
    );
    this.ended.set(intentId, type);
  }
}

export const sha256 = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex');

/** JSON with keys in order, written apart from the core's. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
