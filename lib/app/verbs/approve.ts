import { failed, refused } from './answers.ts';
import { giveApproval } from './answer-action.ts';
import { findAction } from './find-action.ts';
import { showPlan } from './plan.ts';
import type { GeneralVerb } from './verb.ts';
import { firstWord } from './words.ts';

/**
 * Lets an action run. Nobody approves what they have not seen: the plan is named by its hash, as
 * the button beside it does, and without that it is shown first.
 */
export const approve: GeneralVerb = {
  name: 'approve',
  aliases: ['ok'],
  usage: '[action] [plan’s 8 digits]',
  summary: 'Let an action run, once you saw it',
  right: 'approve',
  subject: 'perhaps',
  run: async (call) => {
    const found = await findAction(call, {
      isWanted: ({ state }) => state === 'proposed',
      none: 'No action waits for an approval. `actions` lists what is open.',
    });
    if (!found.ok) return failed(found.error);
    if (found.value.kind === 'unclear') return refused(found.value.text);
    const { action, rest } = found.value;
    const planHash = firstWord(rest).word.toLowerCase();
    const isUnseen = planHash === '' && action.planHash !== '';
    return isUnseen ? showPlan(call, action) : giveApproval(call, action, planHash);
  },
};
