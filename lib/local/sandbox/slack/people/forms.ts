import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { checkedView } from '../api/views.ts';
import type { Office } from '../office.ts';
import type { SlackSandboxUser } from '../settings.ts';
import { actionIn, interact, type ActProblem } from './acts.ts';
import { answerFields, failureOf } from './answers.ts';
import { inputErrors, stateValues, type Filled } from './form-values.ts';
import type { OpenView } from './open-views.ts';
import { viewAction, viewClosed, viewSubmission } from './payloads.ts';
import { objectsIn, type Chosen } from './selection.ts';

/** A person with a form in front. */
export interface Desk {
  readonly office: Office;
  readonly user: SlackSandboxUser;
}

/** The key under which a form shows what is wrong with the whole of it. */
export const WHOLE_FORM = '';

const NO_ANSWER = 'We had some trouble connecting. Try again?';
const GONE = 'The form is no longer open.';

/** Sends a form in, and does what the app answers: close it, show errors, or show another. */
export async function submit(desk: Desk, viewId: string, filled: Filled): Promise<ActProblem> {
  const { office } = desk;
  const open = topView(desk, viewId);
  if (open === undefined) return GONE;
  const errors = inputErrors(open.view, filled);
  if (Object.keys(errors).length > 0) {
    refuse(office, open, errors);
    return undefined;
  }
  const payload = viewSubmission(desk, open, stateValues(open.view, filled));
  const answer = await interact(office, payload);
  if (failureOf(answer) === undefined) react(office, open, answerFields(answer) ?? {});
  else office.views.refuse(open, { [WHOLE_FORM]: NO_ANSWER });
  office.workspace.touch();
  return undefined;
}

/** A click in a form, on a button or in a menu. */
export async function clickInForm(
  desk: Desk,
  viewId: string,
  act: {
    readonly blockId: string;
    readonly actionId: string;
    readonly chosen: Chosen;
    readonly filled: Filled;
  },
): Promise<ActProblem> {
  const { office } = desk;
  const open = topView(desk, viewId);
  if (open === undefined) return GONE;
  const action = actionIn(office, objectsIn(open.view, 'blocks'), act);
  if (action === undefined) return 'The form has changed; look at it again.';
  const values = stateValues(open.view, act.filled);
  const answer = await interact(office, viewAction(desk, open, { action, values }));
  if (failureOf(answer) !== undefined) refuse(office, open, { [WHOLE_FORM]: NO_ANSWER });
  return undefined;
}

/** Closes the form without sending it. The app hears of it where it asked to. */
export async function closeForm(desk: Desk, viewId: string): Promise<ActProblem> {
  const { office, user } = desk;
  const open = topView(desk, viewId);
  if (open === undefined) return GONE;
  office.views.close(user.id);
  office.workspace.touch();
  if (ownValue(open.view, 'notify_on_close') === true) {
    await interact(office, viewClosed(desk, open));
  }
  return undefined;
}

function topView({ office, user }: Desk, viewId: string): OpenView | undefined {
  const top = office.views.top(user.id);
  return top?.id === viewId ? top : undefined;
}

function refuse(office: Office, open: OpenView, errors: OpenView['errors']): void {
  office.views.refuse(open, errors);
  office.workspace.touch();
}

/** What `response_action` asks for; without one, the form is done with. */
function react(office: Office, open: OpenView, fields: JsonObject): void {
  const { views } = office;
  switch (ownValue(fields, 'response_action')) {
    case 'errors':
      views.refuse(open, errorsIn(fields));
      return;
    case 'clear':
      views.closeAll(open.userId);
      return;
    case 'update':
    case 'push': {
      const next = checkedView(office, ownValue(fields, 'view'));
      if ('refusal' in next) views.refuse(open, { [WHOLE_FORM]: NO_ANSWER });
      else if (fields['response_action'] === 'update') views.update(open, next.view);
      else views.push(open.userId, next.view);
      return;
    }
    default:
      views.close(open.userId);
  }
}

function errorsIn(fields: JsonObject): OpenView['errors'] {
  const errors = ownValue(fields, 'errors');
  const told = Object.entries(isJsonObject(errors) ? errors : {});
  return Object.fromEntries(told.map(([blockId, text]) => [blockId, String(text)]));
}
