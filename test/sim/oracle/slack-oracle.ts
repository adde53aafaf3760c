import type { SlackReceived } from '../../../lib/app/slack/receive-slack.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Transaction } from '../../../lib/ports/store.ts';
import type { Sender, SignedRequest } from '../actors/slack-requests.ts';
import type { Random } from '../engine/random.ts';
import { neighbour, workspaces } from '../engine/slack-policy.ts';
import type { Oracle } from './oracle.ts';
import type { Verdict } from './verdict.ts';

export interface LogLine {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One time that a request reached us. */
export interface Attempt {
  readonly requestId: string;
  readonly request: SignedRequest;
  readonly startedAtMs: number;
  /** How much it changed. */
  changes: number;
}

interface Stamped {
  readonly stamp: string;
  readonly fromMs: number;
}

interface Setting {
  readonly oracle: Oracle;
  readonly verdict: Verdict;
  readonly count: (situation: string) => void;
}

/** Signatures are good for so long, and a request takes this long at most. */
const freshMs = 300_000;
const servedMs = 10_000;
const heedful: ReadonlySet<string> = new Set(['ack', 'unack', 'resolve', 'reopen', 'severity']);
const reading: ReadonlySet<string> = new Set(['show', 'timeline']);

/** Watches what people do from Slack against what the outside knows of them. */
export class SlackOracle {
  readonly #setting: Setting;
  readonly #bySeal = new Map<string, SignedRequest>();
  readonly #attempts = new Map<string, Attempt>();
  /** Transactions that a request went into, by its seal. */
  readonly #used = new Map<string, number>();
  /** What buttons of an incident said, from when on. */
  readonly #stamps = new Map<string, Stamped[]>();
  readonly #reopened = new Map<string, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  onAsked(request: SignedRequest): void {
    this.#bySeal.set(request.seal, request);
  }

  onAttempt(requestId: string, request: SignedRequest, startedAtMs: number): Attempt {
    const attempt = { requestId, request, startedAtMs, changes: 0 };
    this.#attempts.set(requestId, attempt);
    return attempt;
  }

  /** What a button says now, or said at some time. */
  stampOf(incidentId: string, earlier: Random | null): string {
    const stamps = this.#stamps.get(incidentId) ?? [];
    const chosen = earlier === null ? -1 : Math.floor(earlier.next() * stamps.length);
    return stamps.at(chosen)?.stamp ?? '';
  }

  /** A transaction took effect, and the oracle has taken note of it. */
  onWritten({ incident, delivery }: Omit<Transaction, 'token'>): void {
    const { key } = delivery ?? {};
    const isRefusal = delivery?.outcome.kind === 'suppressed';
    if (key?.sourceId === 'slack') this.#onUsed(key.setDigest, isRefusal);
    if (incident === undefined) return;
    const { commit } = incident;
    const [, requestId] = /^slack (s\d+)$/.exec(commit.causeId) ?? [];
    const isSteered = commit.events.some(isFromSlack);
    const attempt = this.#attempts.get(requestId ?? '');
    if (isSteered) this.#onSteered(attempt, incident, key?.setDigest ?? null);
    const isDeclared = incident.expectedVersion === 0 && incident.incident.sourceId === 'slack';
    if (isDeclared) this.#onDeclared(key?.setDigest ?? null, incident.incident.tenant);
    this.#stamp(commit);
  }

  /** To be refused once more under the same token changes nothing. */
  #onUsed(seal: string, isRefusal: boolean): void {
    const { verdict } = this.#setting;
    const before = this.#used.get(seal) ?? 0;
    const times = isRefusal && before > 0 ? 1 : before + 1;
    this.#used.set(seal, times);
    const name = this.#bySeal.get(seal)?.name ?? seal;
    verdict.check(times === 1, 'I18', () => `${name} is used ${times} times`);
  }

  #onSteered(
    attempt: Attempt | undefined,
    { incident, commit }: NonNullable<Transaction['incident']>,
    seal: string | null,
  ): void {
    const { verdict, count } = this.#setting;
    if (attempt === undefined) {
      verdict.check(false, 'I17', () => `${incident.id}: ${commit.causeId} is no request of Slack`);
      return;
    }
    attempt.changes += 1;
    const { request } = attempt;
    const changes = [...this.#attempts.values()].filter((one) => one.request === request);
    const sum = changes.reduce((total, one) => total + one.changes, 0);
    count(`${request.wish.verb} from Slack`);
    verdict.check(
      sum === 1 && seal === request.seal,
      'I18',
      () => `${request.name} changes ${sum} things; with it ${seal ?? 'nothing'} is used up`,
    );
    this.#checkAuthority(attempt, incident.tenant);
    for (const { by } of commit.events.filter(isFromSlack)) {
      verdict.check(by.id === 'ada', 'I17', () => `${request.name} acts in the name of ${by.id}`);
    }
    this.#checkStamp(attempt, incident.id);
  }

  #onDeclared(seal: string | null, tenant: string): void {
    const request = this.#bySeal.get(seal ?? '');
    this.#setting.count('declared from Slack');
    const attempts = [...this.#attempts.values()].filter((one) => one.request === request);
    const attempt = attempts.at(-1);
    this.#setting.verdict.check(
      attempt !== undefined,
      'I17',
      () => `nobody has declared what ${seal ?? ''} opened`,
    );
    if (attempt !== undefined) this.#checkAuthority(attempt, tenant);
  }

  /** The one who may is Ada, in her own workspace, by a fresh signature of it. */
  #checkAuthority({ request, startedAtMs }: Attempt, tenant: string): void {
    const { verdict } = this.#setting;
    const { sender, name, timestamp } = request;
    const isNeighbours = sender === 'neighbour' || sender === 'forger';
    verdict.check(
      !(isNeighbours && tenant !== neighbour),
      'I33',
      () => `${name}, signed for ${neighbour}, changes what is ${tenant}'s`,
    );
    verdict.check(sender === 'ada', 'I17', () => `${name} is of ${sender}, who may change nothing`);
    const ageMs = Math.abs(startedAtMs - 1000 * Number(timestamp));
    verdict.check(
      ageMs <= freshMs + servedMs,
      'I39',
      () => `${name} was signed ${ageMs / 1000} s away from when it came`,
    );
  }

  /** A button does what it says, or nothing. */
  #checkStamp({ request, startedAtMs }: Attempt, incidentId: string): void {
    const { stamp, verb, form } = request.wish;
    if (stamp === null || form !== null || !heedful.has(verb)) return;
    const stamps = this.#stamps.get(incidentId) ?? [];
    const wasSo = stamps.some(
      (one, index) => one.stamp === stamp && (stamps[index + 1]?.fromMs ?? Infinity) >= startedAtMs,
    );
    this.#setting.verdict.check(
      wasSo,
      'I35',
      () => `${request.name}: the button said ${stamp}, it was ${stamps.at(-1)?.stamp ?? ''}`,
    );
  }

  #stamp({ incidentId, events, atMs }: NonNullable<Transaction['incident']>['commit']): void {
    const notebook = this.#setting.oracle.notebooks.get(incidentId);
    if (notebook === undefined) return;
    const again = events.filter(({ type }) => type === 'incident.reopened').length;
    const reopened = (this.#reopened.get(incidentId) ?? 0) + again;
    this.#reopened.set(incidentId, reopened);
    const stamp = `${notebook.state}.${notebook.severity}.${reopened}`;
    const stamps = this.#stamps.get(incidentId) ?? [];
    this.#stamps.set(incidentId, stamps);
    if (stamps.at(-1)?.stamp !== stamp) stamps.push({ stamp, fromMs: atMs });
  }

  /** Somebody gets an answer: then there is a line about it, and no secret in any. */
  onAnswered(
    { request, requestId, changes, startedAtMs }: Attempt,
    received: SlackReceived,
    lines: readonly LogLine[],
  ): void {
    const { verdict, count } = this.#setting;
    const { name, sender, wish } = request;
    const own = lines.filter(({ fields }) => fields['requestId'] === requestId);
    const outcomes = own.flatMap(({ fields }) => (fields['outcome'] as string | undefined) ?? []);
    const isSlow = own.some(({ message }) => message.includes('not answered in time'));
    verdict.check(
      received.kind === 'busy' || own.length > 0,
      'I27',
      () => `${name} is answered, and the log knows nothing of it`,
    );
    if (received.kind !== 'answered' || isSlow) return;
    count(`${outcomes[0] ?? 'no outcome'} for ${sender}`);
    verdict.check(
      outcomes.length === 1 && own.every(({ fields }) => isWhole(fields)),
      'I27',
      () => `${name}: the log says ${JSON.stringify(own)}`,
    );
    // Where two answers of the store were lost, it is found to be used up: by this very attempt.
    const isUsed = own.some(({ fields }) => String(fields['why']).includes('used already'));
    verdict.check(
      changes === 0 || isUsed || !outcomes.includes('refused'),
      'I27',
      () => `${name} was refused, as the log says, and changed something`,
    );
    const mayLook = sender === 'observer' && reading.has(wish.verb);
    verdict.check(
      mayLook || mayAsk(sender) || outcomes.includes('refused'),
      'I17',
      () => `${name} of ${sender} gets ${outcomes.join()} at ${startedAtMs}`,
    );
    this.#checkSecrets(name, lines);
    this.#checkScope(request, received);
  }

  #checkSecrets(name: string, lines: readonly LogLine[]): void {
    const text = JSON.stringify(lines);
    const secrets = Object.values(workspaces).flatMap(({ signingSecret, botToken }) => [
      signingSecret,
      botToken,
    ]);
    const told = [...secrets, 'trigger-of-', 'hooks.slack'].find((secret) => text.includes(secret));
    this.#setting.verdict.check(
      told === undefined,
      'I30',
      () => `${name}: ${told ?? ''} is logged`,
    );
  }

  /** The neighbour hears of no incident but those it named itself. */
  #checkScope({ sender, wish, name }: SignedRequest, received: SlackReceived): void {
    if (sender !== 'neighbour') return;
    const text = JSON.stringify(received);
    const { notebooks } = this.#setting.oracle;
    const told = [...notebooks.keys()].find((id) => id !== wish.incidentId && text.includes(id));
    this.#setting.verdict.check(told === undefined, 'I33', () => `${name} hears of ${told ?? ''}`);
  }
}

/** The neighbour may ask, but there is nothing of its own. */
const mayAsk = (sender: Sender): boolean => sender === 'ada' || sender === 'neighbour';

const isWhole = (fields: LogLine['fields']): boolean =>
  fields['outcome'] === undefined ||
  (typeof fields['who'] === 'string' &&
    fields['via'] === 'slack' &&
    fields['tenant'] !== undefined &&
    typeof fields['policyVersion'] === 'string');

type FromSlack = IncidentEvent & {
  readonly by: { readonly kind: 'person'; readonly via: 'slack'; readonly id: string };
};

const isFromSlack = (event: IncidentEvent): event is FromSlack =>
  'by' in event && event.by.kind === 'person' && event.by.via === 'slack';
