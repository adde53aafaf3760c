/** Seeds that once showed a bug of the product, and what it was. Each has to hold for ever. */
export const regressions: Readonly<Record<number, string>> = {
  4: 'of two twins stored at once, the slower one was answered with 202 and left no trace',
  10: 'an acknowledgement that came after its own un-acknowledge was applied',
  17: 'ingest threw when an incident was reopened between two of its readings',
  24: 'an incident was reopened from Slack beside the one that had followed it',
  120: 'a reopen before PagerDuty took the resolve found the answered page there: nobody woke',
  229: 'a held page was told 90 s after its summary, not after its opening, with PagerDuty down',
  976: 'an incident was closed for its age, nobody opened the next, and no repeat did either',
  1815: 'a reopen in PagerDuty that was told before its resolve left an acknowledgement standing',
  2388: 'the resolve of an incident closed for its age closed the next one, under the same key',
  5009: 'an incident whose first page was given up and whose update arrived was never compared',
  5138: 'an update of a page on its way kept an acknowledgement from being found for a whole round',
};

/** The same of seeds with something to act on (`--actions`). */
export const actionRegressions: Readonly<Record<number, string>> = {
  27: 'whoever had made a change could approve its undoing where its target was a guess',
  1080: 'an incident that a failed action had opened again was resolved again at once',
};
