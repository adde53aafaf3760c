import type { ChatRenderer } from '../../domain/announce/renderer.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { SlackPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import type { Chat } from '../../ports/chat.ts';
import type { ChatRows } from '../../ports/chat-rows.ts';
import type { IntakeDeps } from '../deps.ts';

/** What showing incidents in the chat needs. */
export interface AnnounceDeps extends IntakeDeps {
  readonly chat: Chat;
  readonly rows: ChatRows;
  readonly renderer: ChatRenderer;
  /** The public page of an incident; what follows its `?` may differ from call to call. */
  readonly consoleUrl: (tenant: string, incidentId: string) => Promise<string>;
  /** Slack ids of those on call for the incident; none when that is not known right now. */
  readonly onCall: (incident: Incident) => Promise<readonly string[]>;
}

/** A tenant that has a chat. */
export type ChatTenant = TenantPolicy & { readonly slack: SlackPolicy };

export const hasChat = (tenant: TenantPolicy): tenant is ChatTenant => tenant.slack !== null;
