/** Who or what caused a change. Comes from a verified channel, never from a request's body. */
export type Principal =
  | { readonly kind: 'source'; readonly sourceId: string }
  | { readonly kind: 'system'; readonly part: string }
  | { readonly kind: 'person'; readonly via: Channel; readonly id: string; readonly name: string };

/** The ways in which people steer. */
export type Channel = 'api' | 'console' | 'pagerduty' | 'slack';

/** The principal in a few words, for timelines. */
export function describePrincipal(principal: Principal): string {
  switch (principal.kind) {
    case 'source':
      return `source ${principal.sourceId}`;
    case 'system':
      return 'Tocsin';
    case 'person':
      return `${principal.name} (${principal.via})`;
  }
}

/** Whether a person acted. What PagerDuty does by itself comes under its own name. */
export const isSomebody = (by: Principal): boolean =>
  by.kind === 'person' && !(by.via === 'pagerduty' && by.id === pagerdutyItself);

/** Id of PagerDuty as somebody who acts there: an automation, or nobody it names. */
export const pagerdutyItself = 'pagerduty';

/** Whether a change came from PagerDuty, which then needs no telling. */
export const isFromPager = (by: Principal): boolean =>
  by.kind === 'person' && by.via === 'pagerduty';

/** Who calls people when an action did not help. */
export const engine: Principal = { kind: 'system', part: 'actions' };

/** Whether that is who did it. */
export const isByActions = (by: Principal): boolean =>
  by.kind === 'system' && by.part === 'actions';
