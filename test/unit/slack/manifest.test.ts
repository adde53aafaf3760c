import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROUTES } from '../../../lib/infra/routes.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly bot_user: { readonly display_name: string };
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url: string;
      readonly description: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly { readonly type: string; readonly callback_id: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url: string };
  };
}

// The shape is what this test looks at; a member that is missing fails the test that reads it.
const manifest = parse(read('slack/manifest.yaml')) as Manifest;

/** What each method needs of a bot, for public and for private channels (Slack's method pages). */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.archive': ['channels:manage', 'groups:write'],
  'conversations.create': ['channels:manage', 'groups:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.invite': ['channels:manage', 'groups:write'],
  'conversations.join': ['channels:join'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'conversations.setTopic': ['channels:manage', 'groups:write'],
  'views.open': [],
};

function methodsUsed(): readonly string[] {
  const files = readdirSync(join(root, 'lib/adapters/slack'));
  const source = files.map((file) => read(`lib/adapters/slack/${file}`)).join('\n');
  const named = source.matchAll(/'((?:auth|chat|conversations|users|views)\.[A-Za-z]+)'/g);
  return [...new Set([...named].map((match) => match[1] ?? ''))];
}

const pathOf = (url: string): string => new URL(url).pathname;

describe('the manifest of the Slack app', () => {
  it('asks for the scopes of the methods that are called, and for no other', () => {
    const used = methodsUsed();

    expect(used.filter((method) => !Object.hasOwn(scopesOf, method))).toEqual([]);
    const needed = used.flatMap((method) => scopesOf[method] ?? []);
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(
      [...new Set(['commands', ...needed])].sort(),
    );
  });

  it('leads to the routes that check signatures of Slack', () => {
    const { features, settings } = manifest;
    const given = [
      ...features.slash_commands.map(({ url }) => pathOf(url)),
      pathOf(settings.interactivity.request_url),
    ];

    const signed = ROUTES.filter(({ authenticator }) => authenticator === 'slack_signature');
    expect(given.sort()).toEqual(signed.map(({ path }) => path).sort());
    expect(settings.interactivity.is_enabled).toBe(true);
  });

  it('has people arrive by their ids', () => {
    expect(manifest.features.slash_commands.map(({ should_escape }) => should_escape)).toEqual([
      true,
    ]);
  });

  it('stays within the lengths that Slack allows', () => {
    const { display_information: display, features } = manifest;
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(features.bot_user.display_name).toMatch(/^[a-z0-9-_.]{1,80}$/);
    for (const { command, description } of features.slash_commands) {
      expect(command).toMatch(/^\/\S{1,31}$/);
      expect(description.length).toBeLessThanOrEqual(2000);
    }
    expect(features.shortcuts.length).toBeLessThanOrEqual(10);
    for (const { callback_id: id } of features.shortcuts) {
      expect(id.length).toBeLessThanOrEqual(255);
    }
  });
});
