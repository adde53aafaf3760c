import type { AlertLinks } from '../domain/alert/alert.ts';
import { labelOf, type Labels } from '../domain/shared/labels.ts';
import type { IntakeLimits } from './limits.ts';
import { webLink } from './web-link.ts';

/** The links that annotations hold by convention, and the expression that made the alert. */
export function linksOf(
  annotations: Labels,
  generatorUrl: string,
  limits: IntakeLimits,
): AlertLinks {
  const link = (...texts: readonly string[]): string | undefined =>
    texts.map((text) => webLink(text, limits.linkCodePoints)).find((url) => url !== undefined);
  const note = (name: string): string => labelOf(annotations, name);
  const runbook = link(note('runbook_url'), note('runbook'));
  const dashboard = link(note('dashboard_url'), note('dashboard'));
  const source = link(generatorUrl);
  return {
    ...(runbook === undefined ? {} : { runbook }),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(source === undefined ? {} : { source }),
  };
}
