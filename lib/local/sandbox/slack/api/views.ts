import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { MAX_VIEW_BYTES, view as viewCheck } from '../blocks/view.ts';
import { withIds } from '../named-blocks.ts';
import type { Office } from '../office.ts';
import type { OpenView } from '../people/open-views.ts';
import { TIERS } from '../rate-limits.ts';
import type { Method, MethodCall } from './method.ts';
import { done, refused, type Outcome } from './outcome.ts';
import { shownView } from './shown.ts';

/** Forms. */
export const VIEWS: readonly Method[] = [
  {
    name: 'views.open',
    rate: TIERS.tier4,
    scopes: [],
    required: ['trigger_id', 'view'],
    run: (call) => onTrigger(call, (userId, view) => call.office.views.open(userId, view)),
  },
  {
    name: 'views.push',
    rate: TIERS.tier4,
    scopes: [],
    required: ['trigger_id', 'view'],
    run: (call) => onTrigger(call, (userId, view) => call.office.views.push(userId, view)),
  },
  { name: 'views.update', rate: TIERS.tier4, scopes: [], required: ['view'], run: update },
];

/** What is wrong with a view that the app sends, or the view with ids for all its blocks. */
export function checkedView(
  office: Office,
  value: unknown,
): { readonly view: JsonObject } | { readonly refusal: Outcome } {
  if (!isJsonObject(value)) return { refusal: refused('invalid_arguments', ['invalid `view`']) };
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_VIEW_BYTES) {
    return { refusal: refused('view_too_large') };
  }
  const problems = viewCheck(value, '/view');
  if (problems.length > 0) return { refusal: refused('invalid_arguments', problems) };
  return { view: { ...value, blocks: withIds(ownValue(value, 'blocks'), office.ids.block) } };
}

function onTrigger(
  { office, args }: MethodCall,
  show: (userId: string, view: JsonObject) => OpenView | undefined,
): Outcome {
  const checked = checkedView(office, args.json('view'));
  if ('refusal' in checked) return checked.refusal;
  const trigger = office.triggers.take(args.text('trigger_id'), office.timekeeper.nowMs());
  if (typeof trigger === 'string') return refused(trigger);
  return shown(office, show(trigger.userId, checked.view));
}

function update({ office, args }: MethodCall): Outcome {
  const checked = checkedView(office, args.json('view'));
  if ('refusal' in checked) return checked.refusal;
  const externalId = args.text('external_id');
  const open = office.views.find(({ id, view }) =>
    args.has('view_id')
      ? id === args.text('view_id')
      : externalId !== '' && ownValue(view, 'external_id') === externalId,
  );
  if (open === undefined) return refused('not_found');
  if (args.has('hash') && args.text('hash') !== open.hash) return refused('hash_conflict');
  return shown(office, office.views.update(open, checked.view));
}

function shown(office: Office, open: OpenView | undefined): Outcome {
  if (open === undefined) return refused('push_limit_reached');
  office.workspace.touch();
  return done({ view: shownView(office.workspace, open) });
}
