/**
 * The source of incidents that were born in PagerDuty. No source of the policy can have this id:
 * theirs begin with a letter or a digit.
 */
export const adoptedSourceId = '@pagerduty';

/** Whether PagerDuty had it first: then it is spoken of by PagerDuty's id, never by a key of ours. */
export const isAdopted = ({ sourceId }: { readonly sourceId: string }): boolean =>
  sourceId === adoptedSourceId;
