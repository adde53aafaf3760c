import { ack } from './ack.ts';
import { actions } from './actions.ts';
import { actOn, targetVerbs } from './actions-on-targets.ts';
import { approve } from './approve.ts';
import { assign } from './assign.ts';
import { declare } from './declare.ts';
import { deny } from './deny.ts';
import { escalate } from './escalate.ts';
import { halt, unhalt } from './halt.ts';
import { helpOn } from './help.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { lock, unlock } from './lock.ts';
import { note } from './note.ts';
import { oncall } from './oncall.ts';
import { page } from './page.ts';
import { plan } from './plan.ts';
import { postmortem } from './postmortem.ts';
import { release } from './release.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { severity } from './severity.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { steps } from './steps.ts';
import { timeline } from './timeline.ts';
import { unack } from './unack.ts';
import { update } from './update.ts';
import type { Verb } from './verb.ts';

/** Everything that people can ask for, in the order in which help tells it. */
export const verbs: readonly Verb[] = [
  declare,
  list,
  show,
  ack,
  unack,
  resolve,
  reopen,
  severity,
  status,
  assign,
  release,
  page,
  escalate,
  note,
  update,
  timeline,
  link,
  oncall,
  postmortem,
  actOn,
  ...targetVerbs,
  plan,
  approve,
  deny,
  actions,
  steps,
  lock,
  unlock,
  halt,
  unhalt,
  helpOn(() => verbs),
];
