import type { Thread } from '../../../lib/domain/correlation/thread.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { postmortemMarkdown } from '../../../lib/domain/postmortem/markdown.ts';
import {
  postmortemJson,
  projectPostmortem,
  replay,
} from '../../../lib/domain/postmortem/postmortem.ts';
import type { MemoryStore } from '../../../lib/adapters/memory/store.ts';
import type { PagerDutyWorld } from '../actors/pagerduty.ts';
import { tenantId } from '../engine/policy.ts';
import type { Bounds } from './bounds.ts';
import { episodeName, foldFacts, graver, isAtLeast, type NaiveEpisode } from './facts.ts';
import { sorted } from './notebook.ts';
import { rowName, type Oracle } from './oracle.ts';

export interface FinalScene {
  readonly oracle: Oracle;
  readonly bounds: Bounds;
  readonly store: MemoryStore;
  readonly pager: PagerDutyWorld;
  readonly nowMs: number;
  /** Records and runs that are still under way. */
  readonly busy: readonly string[];
}

/** What must hold once the faults are off and the world has come to rest. */
export async function checkRest(scene: FinalScene): Promise<void> {
  checkEpisodes(scene);
  for (const thread of scene.oracle.threads.values()) {
    checkSeverity(scene, thread);
    checkOpenness(scene, thread);
  }
  checkPages(scene);
  checkPager(scene);
  checkRelay(scene);
  scene.bounds.judgeOverdue();
  checkQuiet(scene);
  await checkExports(scene);
}

/** I5: the episodes are what the set of facts says, between the accepted and the sent ones. */
function checkEpisodes({ oracle }: FinalScene): void {
  const { ledger, verdict } = oracle.setting;
  const least = foldFacts(ledger.accepted);
  const most = foldFacts(ledger.sent);
  for (const [name, { fact, hasFired, isOver }] of least) {
    const homes = oracle.homesOf(fact);
    const [home] = homes;
    verdict.check(homes.length === 1, 'I2', () => `${name} has ${homes.length} homes`);
    const isMember = (home?.ordinal ?? 0) > 0;
    verdict.check(isMember || !hasFired, 'I5', () => `${name} fired and is in no incident`);
    verdict.check(home?.status === 'resolved' || !isOver, 'I5', () => `${name} is over, and fires`);
  }
  for (const thread of oracle.threads.values()) {
    for (const episode of thread.episodes) checkExplained(oracle, most, { thread, episode });
  }
}

function checkExplained(
  { setting, notebooks }: Oracle,
  most: ReadonlyMap<string, NaiveEpisode>,
  of: { readonly thread: Thread; readonly episode: Thread['episodes'][number] },
): void {
  const { verdict } = setting;
  const name = episodeName(of.episode);
  const notebook = notebooks.get(of.thread.current?.incidentId ?? '');
  if (notebook?.isOperator === true || notebook?.isByPerson === true) return;
  const said = most.get(name);
  verdict.check(said !== undefined, 'I5', () => `nobody ever said ${name}`);
  const { ordinal, status } = of.episode;
  const mayBeMember = said?.hasFired ?? false;
  verdict.check(ordinal === 0 || mayBeMember, 'I5', () => `${name} is a member and never fired`);
  const mayBeOver = said?.isOver ?? false;
  verdict.check(status === 'firing' || mayBeOver, 'I5', () => `nobody ever said ${name} is over`);
}

/** I7: the severity is the gravest of the set. */
function checkSeverity({ oracle, store }: FinalScene, thread: Thread): void {
  const incident = currentOf(store, thread);
  const { policy, ledger, verdict } = oracle.setting;
  const notebook = oracle.notebooks.get(incident?.id ?? '');
  if (incident === null || notebook === undefined || incident.isOperator) return;
  // What a person has judged is no function of the facts any more.
  if (notebook.isByPerson || notebook.isJudged) return;
  const said = foldFacts(ledger.sent);
  const severityIn = (episodes: Thread['episodes']): Incident['severity'] =>
    episodes.reduce<Incident['severity']>(
      (gravest, episode) => graver(gravest, said.get(episodeName(episode))?.fact.severity ?? 'P2'),
      'P2',
    );
  const members = thread.episodes.filter(({ ordinal }) => ordinal === incident.ordinal);
  const count = new Set(members.map(({ fingerprint }) => fingerprint)).size;
  const blast = policy.blastRules
    .filter(({ minAlerts }) => minAlerts !== null && count >= minAlerts)
    .map(({ severity }) => severity);
  const expected = blast.reduce(graver, severityIn(members));
  const isCarried = incident.severityReason.rule === 'carried-over';
  verdict.check(
    isCarried ? isAtLeast(incident.severity, expected) : incident.severity === expected,
    'I7',
    () => `${incident.id} is ${incident.severity}; its ${members.length} alerts say ${expected}`,
  );
}

const currentOf = (store: MemoryStore, { current }: Thread): Incident | null =>
  store.incidents().find(({ id }) => id === current?.incidentId) ?? null;

/** I6: what is over is closed, and what fires is open, unless a person closed it. */
function checkOpenness({ oracle, store }: FinalScene, thread: Thread): void {
  const incident = currentOf(store, thread);
  if (incident === null) return;
  const { verdict } = oracle.setting;
  const firing = thread.episodes.filter(
    ({ status, ordinal }) => status === 'firing' && ordinal === incident.ordinal,
  );
  const notebook = oracle.notebooks.get(incident.id);
  if (notebook?.isByPerson === true) return;
  const isOpen = incident.state !== 'resolved';
  const isKept = notebook !== undefined && (notebook.wasTruncated || notebook.isHeldOpen);
  const mayStay = firing.length > 0 || isKept;
  verdict.check(!isOpen || mayStay, 'I6', () => `${incident.id} is open, and all alerts are over`);
  const isByPerson = incident.state === 'resolved' && incident.cause === 'person';
  verdict.check(
    isOpen || firing.length === 0 || isByPerson,
    'I6',
    () => `${incident.id} is closed, and ${firing.length} of its alerts fire`,
  );
  verdict.check(
    (thread.current?.isOpen ?? false) === isOpen,
    'I4',
    () => `the thread says that ${incident.id} is ${isOpen ? 'closed' : 'open'}`,
  );
}

/** I28 and I8: every page has ended, and whoever had to know was told or the log says it failed. */
function checkPages({ oracle, bounds }: FinalScene): void {
  const { verdict } = oracle.setting;
  for (const notebook of oracle.notebooks.values()) {
    verdict.check(
      notebook.openIntents.size === 0,
      'I28',
      () => `${notebook.id} still holds ${[...notebook.openIntents.keys()].join()}`,
    );
    const hasFailed = [...notebook.ended.values()].includes('page.dead_lettered');
    verdict.check(
      hasFailed || notebook.isAdopted || bounds.isTold(notebook.id, 0),
      'I8',
      () => `nobody was ever told of ${notebook.id}`,
    );
  }
}

/** I38: the pager holds an open incident where we do, and none where we hold none. */
function checkPager({ oracle, store, pager }: FinalScene): void {
  const { verdict } = oracle.setting;
  for (const thread of oracle.threads.values()) {
    const incident = currentOf(store, thread);
    if (incident === null) continue;
    const notebook = oracle.notebooks.get(incident.id);
    if (notebook?.isAdopted === true) continue;
    const ended = [...(notebook?.ended.values() ?? [])];
    if (ended.includes('page.dead_lettered') || notebook?.wasToldTooLate === true) continue;
    const held = pager.openFor(incident.dedupKey);
    const wasPaged = incident.trigger === 'accepted';
    verdict.check(
      incident.state !== 'resolved' || held === null,
      'I38',
      () => `${incident.id} is resolved, and the pager holds ${held?.id ?? ''} open`,
    );
    verdict.check(
      incident.state === 'resolved' || !wasPaged || held !== null,
      'I38',
      () => `${incident.id} is open, and the pager holds nothing open for it`,
    );
    verdict.check(
      held === null || !wasPaged || held.status === incident.state,
      'I38',
      () => `${incident.id} is ${incident.state}, and the pager says ${held?.status ?? ''}`,
    );
  }
}

/** Every event went over the bus, or to the dead letters. */
function checkRelay({ oracle }: FinalScene): void {
  const { verdict, ledger } = oracle.setting;
  for (const { id, version } of oracle.notebooks.values()) {
    for (let seq = 1; seq <= version; seq += 1) {
      const name = `${tenantId}/${id}/${seq}`;
      const isThere = ledger.published.has(name) || ledger.deadLettered.has(name);
      verdict.check(isThere, 'I28', () => `event ${name} never reached the bus`);
    }
  }
}

function checkQuiet({ oracle, store, nowMs, busy }: FinalScene): void {
  const { verdict } = oracle.setting;
  const rows = store.dueRows();
  const overdue = rows.filter(({ dueAtMs }) => dueAtMs <= nowMs - 60_000);
  verdict.check(
    overdue.length === 0 && busy.length === 0,
    'quiet',
    () => `still busy: ${[...overdue.map(rowName), ...busy].join('; ')}`,
  );
  const held = new Set(rows.map(rowName));
  verdict.check(
    held.size === oracle.rows.size && [...held].every((name) => oracle.rows.has(name)),
    'I28',
    () => `the store holds ${held.size} wake-ups, the log says ${oracle.rows.size}`,
  );
}

/** I26: the log replays to the snapshot, and exports are functions of it. */
async function checkExports({ oracle, store }: FinalScene): Promise<void> {
  const { verdict } = oracle.setting;
  for (const incident of store.incidents()) {
    const commits = await store.loadCommits(incident.tenant, incident.id);
    if (!commits.ok) continue;
    verdict.check(
      sorted(replay(commits.value)) === sorted(incident),
      'I26',
      () => `the log of ${incident.id} does not replay to its snapshot`,
    );
    const [first, second] = [commits.value, structuredClone(commits.value)].map((log) => {
      const projected = projectPostmortem(log);
      if (projected === null) return 'nothing';
      return postmortemMarkdown(projected) + JSON.stringify(postmortemJson(projected));
    });
    verdict.check(first === second, 'I26', () => `${incident.id} exports in two ways`);
  }
}
