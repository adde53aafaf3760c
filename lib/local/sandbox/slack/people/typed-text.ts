import type { Workspace } from '../workspace.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * What a person typed as apps get it (`should_escape`): signs escaped, and the names of people and
 * channels, and addresses, in angle brackets.
 */
export function escapeTyped(workspace: Workspace, text: string): string {
  const escaped = text.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);
  const { settings, bot } = workspace;
  const people = [...settings.users, { id: bot.id, handle: bot.handle }];
  return escaped
    .replace(/https?:\/\/[^\s<>|]+/g, (address) => `<${address}>`)
    .replace(/(^|[\s(])@([a-z0-9._-]*[a-z0-9])/g, (all, before: string, handle: string) => {
      const user = people.find((one) => one.handle === handle);
      return user === undefined ? all : `${before}<@${user.id}|${handle}>`;
    })
    .replace(/(^|[\s(])#([\p{L}\d_-]+)/gu, (all, before: string, name: string) => {
      const channel = workspace.channels().find((one) => one.name === name && !one.isPrivate);
      return channel === undefined ? all : `${before}<#${channel.id}|${name}>`;
    });
}
