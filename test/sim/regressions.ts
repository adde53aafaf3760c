/** Seeds that once showed a bug of the product, and what it was. Each has to hold for ever. */
export const regressions: Readonly<Record<number, string>> = {
  4: 'of two twins stored at once, the slower one was answered with 202 and left no trace',
  14: 'a page that left while a person resolved in PagerDuty stayed open there for ever',
  17: 'ingest threw when an incident was reopened between two of its readings',
  199: 'the echo of a resolve that was overtaken by a reopen closed the reopened incident',
  413: 'an old un-acknowledge undid a newer acknowledgement that had changed nothing',
  609: 'an acknowledgement that came after its own un-acknowledge was applied',
  976: 'an incident was closed for its age, nobody opened the next, and no repeat did either',
  1815: 'a reopen in PagerDuty that was told before its resolve left an acknowledgement standing',
  2388: 'the resolve of an incident closed for its age closed the next one, under the same key',
};
