import { isSamePlan } from '../../domain/action/action-id.ts';
import { isStoppable } from '../../domain/action/decide-approval.ts';
import { failed, refused } from './answers.ts';
import { giveDenial } from './answer-action.ts';
import { findAction } from './find-action.ts';
import type { GeneralVerb } from './verb.ts';
import { firstWord } from './words.ts';

/** No: that is the end of an action that has not started. */
export const deny: GeneralVerb = {
  name: 'deny',
  aliases: ['no'],
  usage: '[action] [reason]',
  summary: 'An action shall not run',
  right: 'respond',
  subject: 'perhaps',
  run: async (call) => {
    const found = await findAction(call, {
      isWanted: isStoppable,
      none: 'No action waits to start. `actions` lists what is open.',
    });
    if (!found.ok) return failed(found.error);
    if (found.value.kind === 'unclear') return refused(found.value.text);
    const { action, rest } = found.value;
    // The button names the plan that it stands beside; what was typed has the reason there.
    const { word, rest: reason } = firstWord(rest);
    return giveDenial(call, action, isSamePlan(action.planHash, word) ? reason : rest);
  },
};
