import type { Timekeeper } from '../../shared/timekeeper.ts';
import { createSlackIds, type SlackIds } from './ids.ts';
import { Ephemerals } from './people/ephemerals.ts';
import { createHooks, type Hooks } from './people/hooks.ts';
import { OpenViews } from './people/open-views.ts';
import { createTriggers, type Triggers } from './people/triggers.ts';
import type { SlackSandboxApp, SlackSandboxSettings, SlackSandboxWorkspace } from './settings.ts';
import { Workspace } from './workspace.ts';

/** A workspace with the people in front of it: what Slack keeps, and what it only shows. */
export interface Office {
  readonly workspace: Workspace;
  readonly app: SlackSandboxApp;
  readonly timekeeper: Timekeeper;
  readonly ids: SlackIds;
  readonly ephemerals: Ephemerals;
  readonly views: OpenViews;
  readonly triggers: Triggers;
  readonly hooks: Hooks;
  /** Where the sandbox is, without a slash at the end. */
  readonly baseUrl: () => string;
}

/** What all offices of a sandbox share. */
export type OfficeDeps = Pick<
  SlackSandboxSettings,
  'timekeeper' | 'app' | 'ledgerDirectory' | 'randomBytes'
> &
  Pick<Office, 'baseUrl'>;

export function openOffice(settings: OfficeDeps, workspaceSettings: SlackSandboxWorkspace): Office {
  const { timekeeper, app, ledgerDirectory, baseUrl } = settings;
  const ids = createSlackIds(settings.randomBytes);
  return {
    workspace: new Workspace({
      timekeeper,
      settings: workspaceSettings,
      appName: app.name,
      ledgerDirectory,
    }),
    app,
    timekeeper,
    ids,
    ephemerals: new Ephemerals(),
    views: new OpenViews(ids),
    triggers: createTriggers(ids.trigger),
    hooks: createHooks(ids.hook),
    baseUrl,
  };
}

/** Forgets all that was said and shown. */
export function emptyOffice({ workspace, ephemerals, views, triggers, hooks }: Office): void {
  ephemerals.clear();
  views.clear();
  triggers.clear();
  hooks.clear();
  workspace.reset();
}
