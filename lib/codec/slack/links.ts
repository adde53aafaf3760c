import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { webLink } from '../web-link.ts';
import { slackLimits } from './limits.ts';
import { linkTo, words, type Piece } from './mrkdwn.ts';

/** Hosts that messages may lead to: those of the policy, and those of this installation. */
export interface LinkRules {
  readonly hosts: ReadonlySet<string>;
}

/** `ownHosts`: the host names of the console, lower case and without port. */
export const linkRules = (tenant: TenantPolicy, ownHosts: readonly string[]): LinkRules => ({
  hosts: new Set([...(tenant.slack?.linkHosts ?? []), ...ownHosts]),
});

/** An address as it was understood here, when its host is allowed; null for any other text. */
export function allowedLink(text: string, { hosts }: LinkRules): string | null {
  const link = webLink(text, slackLimits.linkLength);
  const url = link === undefined ? null : URL.parse(link);
  if (url === null || !hosts.has(url.hostname)) return null;
  // What is sent is what was checked, whatever another parser makes of the text.
  return url.href.length <= slackLimits.linkLength ? url.href : null;
}

/** A link with this title, or the title and the host as text where that is not allowed. */
export function linkOrText(title: string, text: string, rules: LinkRules): Piece {
  const href = allowedLink(text, rules);
  if (href !== null) return linkTo(href, title);
  const host = URL.parse(text.trim())?.hostname ?? '';
  return words(host === '' ? title : `${title} (${host}, not linked)`);
}
