import type { CardInput } from '../../domain/announce/renderer.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { webLink } from '../web-link.ts';
import { slackLimits } from './limits.ts';
import { linkOrText, linkRules, type LinkRules } from './links.ts';
import { channelLink, joined, linkTo, words, type Piece } from './mrkdwn.ts';

/**
 * Where to go from here: what the policy and we ourselves name first, then what alerts and people
 * bring, of which only allowed hosts become links.
 */
export function linkPieces(input: CardInput, ownHosts: readonly string[]): readonly Piece[] {
  const { incident, tenant, ownChannel } = input;
  const rules = linkRules(tenant, ownHosts);
  const { runbook, dashboard, source } = incident.links;
  const brought: readonly (readonly [title: string, url: string | undefined])[] = [
    ['Runbook', runbook],
    ['Dashboard', dashboard],
    ['Alert', source],
    ['Post-mortem', incident.postmortem?.url ?? undefined],
    ...incident.addedLinks.map(({ title, url }) => [title, url] as const),
  ];
  return joined(
    [
      ...(ownChannel === null ? [] : [[channelLink(ownChannel)]]),
      ...trusted('Call', warRoomOf(incident, tenant)),
      ...trusted('Console', input.consoleUrl),
      ...pagerLink(incident, rules),
      ...brought.flatMap(([title, url]) =>
        url === undefined ? [] : [[linkOrText(title, url, rules)]],
      ),
    ],
    words(' · '),
  );
}

/** An address of our own or of the policy; nothing when it is none that anybody can open. */
function trusted(title: string, address: string): readonly (readonly Piece[])[] {
  const link = webLink(address, slackLimits.linkLength);
  return link === undefined ? [] : [[linkTo(link, title)]];
}

const warRoomOf = ({ id }: Incident, { slack }: TenantPolicy): string =>
  (slack?.warRoomUrl ?? '').replaceAll('{id}', encodeURIComponent(id));

/** PagerDuty names its own address: of its own hosts, or of the machine that we run on. */
function pagerLink({ pagerUrl }: Incident, rules: LinkRules): readonly (readonly Piece[])[] {
  if (pagerUrl === null) return [];
  const host = URL.parse(pagerUrl)?.hostname ?? '';
  const hosts = new Set([...rules.hosts, ...(host.endsWith('.pagerduty.com') ? [host] : [])]);
  return [[linkOrText('PagerDuty', pagerUrl, { hosts })]];
}
