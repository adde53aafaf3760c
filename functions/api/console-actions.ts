import { lastOn, latestActions } from '../../lib/app/actions/last-actions.ts';
import { readTargets } from '../../lib/app/actions/read-actions.ts';
import { tenantOf } from '../../lib/app/deps.ts';
import type { HttpResponse } from '../../lib/codec/http-response.ts';
import {
  actionsPageTag,
  renderActionsPage,
  type ActionsPage,
} from '../../lib/console/actions-page.ts';
import { scoreRunbooks } from '../../lib/domain/runbook/score.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import type { Call } from './asking.ts';
import { accessTo, consoleFailure } from './console-access.ts';
import { fresh } from './fresh.ts';

/** The page of actions and targets, and of what stops them. */
export async function answerActionsPage(app: ApiDeps, { request }: Call): Promise<HttpResponse> {
  const access = await accessTo(app, request);
  if (!access.ok) return access.error;
  const { tenant } = access.value;
  const [states, latest] = await Promise.all([
    readTargets(app, tenant),
    latestActions(app, tenant),
  ]);
  if (!states.ok) return consoleFailure(app, request, states.error);
  if (!latest.ok) return consoleFailure(app, request, latest.error);
  const { open, ended } = latest.value;
  const runbooks = tenantOf(app.policy, tenant)?.actions.runbooks ?? [];
  const page: ActionsPage = {
    ...latest.value,
    access: access.value,
    halt: states.value.halt,
    targets: states.value.targets.map((state) => ({
      ...state,
      lastAction: lastOn(latest.value, state.target.id),
    })),
    // Of the newest alone; `tocsin actions --score` reads further back.
    scores: scoreRunbooks(runbooks, [...open, ...ended]),
    where: app.isConsoleOpen ? '' : ` --url ${app.consoleUrl}`,
    nowMs: app.clock.now(),
  };
  return fresh(request, actionsPageTag(page), () => renderActionsPage(page));
}
