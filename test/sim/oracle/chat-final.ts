import { canonicalJson } from '../../../lib/domain/shared/json.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { ChatRow } from '../../../lib/domain/announce/row.ts';
import type { ChatRenderer } from '../../../lib/domain/announce/renderer.ts';
import type { SlackSide } from '../slack-side.ts';
import type { World } from '../world.ts';

const minuteMs = 60_000;
/** What was over so long before Slack came back is named in the summary, and has no card. */
const historyMs = 10 * minuteMs;

/** What is worth a summary: an outage of five minutes that somebody noticed. */
const toldOutageMs = 5 * minuteMs;

interface Scene {
  readonly world: World;
  readonly side: SlackSide;
  readonly renderer: ChatRenderer;
  /** Incidents of which the stream lost a commit. */
  readonly givenUp: ReadonlySet<string>;
}

/** What Slack must show once it has been back for a while: everything as it stands, once. */
export function checkChat(scene: Scene): void {
  const { world, side } = scene;
  if (side.rates.isOff) return;
  const rows = new Map(side.rows.rows().map((row) => [`${row.tenant}/${row.incidentId}`, row]));
  for (const incident of world.store.incidents()) {
    checkIncident(scene, incident, rows.get(`${incident.tenant}/${incident.id}`) ?? null);
  }
  checkSummary(scene);
}

function checkIncident(scene: Scene, incident: Incident, row: ChatRow | null): void {
  const { world, side, givenUp } = scene;
  const { verdict } = world;
  const check = (holds: boolean, message: string): void =>
    verdict.check(holds, 'caught up', () => `${incident.id} (${incident.state}): ${message}`);
  if (incident.state === 'resolved' && givenUp.has(incident.id)) return;
  const isHistory =
    incident.state === 'resolved' &&
    (side.weather.wasRoughIn(incident.openedAtMs, incident.resolvedAtMs + historyMs) ||
      world.ledger
        .troublesIn(incident.openedAtMs, incident.resolvedAtMs + historyMs)
        .has('stream'));
  if (row === null || row.home === null) {
    check(isHistory, 'it has no card');
    return;
  }
  check(row.pending === null, `${row.pending?.key ?? ''} is still on its way`);
  if (hasJustChanged(scene, incident)) return;
  check(row.toldSeq === incident.version, `${row.toldSeq} of ${incident.version} are told`);
  checkCard(scene, incident, row);
}

/** An alert that comes again may change something at the last instant. */
const hasJustChanged = ({ world }: Scene, { id }: Incident): boolean =>
  (world.oracle.notebooks.get(id)?.changedAtMs ?? 0) > world.scheduler.nowMs - 2 * minuteMs;

function checkCard({ world, side, renderer }: Scene, incident: Incident, row: ChatRow): void {
  const tenant = world.policy.tenants.find(({ id }) => id === incident.tenant) ?? world.tenant;
  const consoleUrl = `https://console.example/${incident.id}`;
  const ownChannel = row.own === null || row.own.isOver ? null : row.own.id;
  const wanted = renderer.card({ incident, tenant, consoleUrl, ownChannel });
  const shown = side.workspace.shown.messages().find(({ ts }) => ts === row.home?.ts);
  world.verdict.check(
    shown !== undefined && canonicalJson(shown.blocks) === canonicalJson(wanted.blocks),
    'caught up',
    () => `the card of ${incident.id} (${incident.state}) says ${shown?.text ?? 'nothing'}`,
  );
  world.count(`card of an incident that is ${incident.state}`);
}

/** One summary follows, where the outage was noticed and something happened in it. */
function checkSummary({ world, side }: Scene): void {
  const { outage } = side.weather;
  const { shows } = side;
  if (outage === null || side.weather.wasStormyIn(outage.fromMs - minuteMs, Infinity)) return;
  const [noticedAtMs = Infinity] = shows.refusedAtMs;
  const missed = world.store
    .incidents()
    .filter(({ openedAtMs }) => openedAtMs >= noticedAtMs && openedAtMs < outage.toMs);
  const isDue =
    missed.length > 0 && shows.refusedAtMs.length > 1 && outage.toMs - noticedAtMs >= toldOutageMs;
  if (isDue) world.count('summary was due');
  const after = shows.summaries.filter((atMs) => atMs >= outage.toMs);
  world.verdict.check(
    !isDue || after.length === 1,
    'one summary',
    () => `${after.length} summaries tell of the time since ${noticedAtMs}`,
  );
}
