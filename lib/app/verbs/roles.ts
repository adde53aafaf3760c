import type { RoleName } from '../../domain/incident/coordination.ts';
import { either } from './words.ts';

/** What each role is called, and what else people call it. */
const words: Readonly<Record<RoleName, readonly string[]>> = {
  commander: ['commander', 'ic', 'lead', 'command'],
  communications: ['communications', 'comms', 'com', 'communication'],
  scribe: ['scribe', 'notes'],
  expert: ['expert', 'sme', 'subject-expert'],
};

const names = Object.keys(words) as RoleName[];

export const readRole = (word: string): RoleName | null =>
  names.find((role) => words[role].includes(word.toLowerCase())) ?? null;

export const roleWords: string = either(names);

export const roleChoices: readonly { readonly value: RoleName; readonly label: string }[] = [
  { value: 'commander', label: 'Commander: decides' },
  { value: 'communications', label: 'Communications: tells stakeholders' },
  { value: 'scribe', label: 'Scribe: keeps the record' },
  { value: 'expert', label: 'Subject expert' },
];
