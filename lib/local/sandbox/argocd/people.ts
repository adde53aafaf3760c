import type { Faults } from '../http/faults.ts';
import { overviewReply } from '../http/overview.ts';
import type { PeopleRoute } from '../http/routes.ts';
import { bodyFields, textField } from '../slack/call.ts';
import { json, problem, type Reply } from '../slack/reply.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { Outcome } from './settings.ts';
import { isAutoSyncOn, liveRevision, type AppState } from './state.ts';
import { applicationOf, healthOf } from './view.ts';
import type { Deed, World } from './world.ts';

/**
 * What people do beside the API: `push` a commit (with what becomes of it), open or close the sync
 * `window`, start a `sync` of their own, and `delete`. `/state` shows every Application.
 */
export function peopleRoutes(world: World, faults: Faults): readonly PeopleRoute[] {
  return [
    { routeKey: 'GET /', run: () => page(world) },
    { routeKey: 'GET /state', run: () => state(world) },
    {
      routeKey: 'DELETE /',
      run: () => {
        world.reset();
        faults.set([]);
        return json(200, { message: 'The sandbox is as it was at the start.' });
      },
    },
    {
      routeKey: 'POST /people/{act}',
      run: (call, { act = '' }) => {
        const fields = bodyFields(call);
        if (fields === undefined) return problem(400, 'The body must be a JSON object.');
        return perform(world, act, fields);
      },
    },
  ];
}

function perform(world: World, act: string, fields: JsonObject): Reply {
  const application = world.application(textField(fields, 'application'));
  if (application === undefined) return problem(400, "'application' must name an Application.");
  const deed = deedOf(application, act, fields);
  if (typeof deed === 'string') return problem(400, deed);
  world.record(application.name, deed);
  return json(200, { ok: true });
}

/** A text says what is wrong. */
function deedOf(application: AppState, act: string, fields: JsonObject): Deed | string {
  const revision = textField(fields, 'revision');
  switch (act) {
    case 'push':
      if (revision === '') return "'revision' must be a commit.";
      return { kind: 'pushed', revision, outcome: outcomeIn(fields) };
    case 'window':
      return { kind: 'window', isClosed: fields['closed'] === true };
    case 'sync':
      return {
        kind: 'asked',
        sync: { revision: revision || application.head, isDryRun: false, by: 'admin' },
      };
    case 'delete':
      return { kind: 'deleted' };
    default:
      return 'An act is one of push, window, sync, delete.';
  }
}

const OUTCOMES: readonly Outcome[] = ['healthy', 'degraded', 'hanging', 'failing'];

const outcomeIn = (fields: JsonObject): Outcome =>
  OUTCOMES.find((one) => one === textField(fields, 'outcome')) ?? 'healthy';

const state = (world: World): Reply =>
  json(200, {
    applications: world
      .applications()
      .map((one) => ({ ...applicationOf(one, world.nowMs, world.pace), head: one.head })),
  });

const page = (world: World): Reply =>
  overviewReply('Argo CD sandbox', [
    {
      heading: 'Applications',
      columns: ['Application', 'Project', 'Runs', 'Git', 'Auto-sync', 'Health', 'Operation'],
      rows: world
        .applications()
        .map((one) => [
          one.name,
          one.project,
          liveRevision(one).slice(0, 12),
          one.head.slice(0, 12),
          isAutoSyncOn(one) ? 'on' : 'off',
          healthOf(one, world.nowMs, world.pace),
          operationOf(one),
        ]),
    },
    ...world.applications().map(({ name, history }) => ({
      heading: `History of ${name}`,
      columns: ['Id', 'Revision', 'Deployed', 'By'],
      rows: history.map((entry) => [
        String(entry.id),
        entry.revision,
        new Date(entry.deployedAtMs).toISOString(),
        entry.by,
      ]),
    })),
  ]);

const operationOf = ({ pending, operation }: AppState): string =>
  pending === null
    ? operation === null
      ? 'none'
      : `${operation.phase}: ${operation.message}`
    : 'asked for';
