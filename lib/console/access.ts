import { consolePathUntil, verifyConsoleLink } from '../codec/console-link.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { ownPath, type SafeUrl } from './html.ts';

/** What the one who asks may see, and the links that lead on from here. */
export interface Access {
  readonly tenant: string;
  /** The front page with these parameters; null when the asker may see one incident only. */
  readonly home: ((query: Query) => SafeUrl) | null;
  /** The page of all actions and targets; null when the asker may see one incident only. */
  readonly actions: SafeUrl | null;
  /** A page of an incident that the asker may see. */
  readonly incident: (incidentId: string, query: Query) => SafeUrl;
  /** When the links end; null when they do not. */
  readonly untilMs: EpochMs | null;
}

export type Query = Readonly<Record<string, string>>;

interface Asked {
  readonly path: string;
  readonly rawQueryString: string;
}

/**
 * Access by a signed link; null when it proves nothing. A link to the front page or to the page of
 * actions opens all of its tenant, by links that end when it does. A link to an incident opens
 * that one alone and leads nowhere else, so that it can be handed on.
 */
export function signedAccess(
  { path, rawQueryString }: Asked,
  keys: readonly string[],
  nowMs: EpochMs,
): Access | null {
  const [key] = keys;
  const proven = verifyConsoleLink({ path, rawQueryString, keys, nowMs });
  if (proven === null || key === undefined) return null;
  const { tenant, expiresAtMs } = proven;
  const signed = (to: string, query: Query): SafeUrl =>
    withQuery(consolePathUntil({ path: to, tenant, key, expiresAtMs }), query);
  const isWholeTenant = path === '/' || path === actionsPath;
  return {
    tenant,
    untilMs: expiresAtMs,
    home: isWholeTenant ? (query) => signed('/', query) : null,
    actions: isWholeTenant ? signed(actionsPath, {}) : null,
    incident: (incidentId, query) => signed(incidentPath(incidentId), query),
  };
}

/** Access without a link, where only this machine can ask. */
export const openAccess = (tenant: string): Access => ({
  tenant,
  untilMs: null,
  home: (query) => withQuery(`/?t=${encodeURIComponent(tenant)}`, query),
  actions: withQuery(`${actionsPath}?t=${encodeURIComponent(tenant)}`, {}),
  incident: (incidentId, query) =>
    withQuery(`${incidentPath(incidentId)}?t=${encodeURIComponent(tenant)}`, query),
});

const actionsPath = '/actions';

export const incidentPath = (incidentId: string): string =>
  `/incidents/${encodeURIComponent(incidentId)}`;

function withQuery(path: string, query: Query): SafeUrl {
  const extra = new URLSearchParams(query).toString();
  return ownPath(extra === '' ? path : `${path}&${extra}`);
}
