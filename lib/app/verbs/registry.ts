import { ack } from './ack.ts';
import { assign } from './assign.ts';
import { declare } from './declare.ts';
import { escalate } from './escalate.ts';
import { helpOn } from './help.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { note } from './note.ts';
import { oncall } from './oncall.ts';
import { page } from './page.ts';
import { postmortem } from './postmortem.ts';
import { release } from './release.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { severity } from './severity.ts';
import { show } from './show.ts';
import { status } from './status.ts';
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
  helpOn(() => verbs),
];
