import { stableId } from './sandbox-ids.ts';
import type { SandboxPerson } from './settings.ts';

export interface DirectoryPerson extends SandboxPerson {
  readonly id: string;
}

/** What an account is configured with: who is on call, and which routing key is which service. */
export interface Directory {
  /** All users, the one on call first. */
  readonly people: readonly DirectoryPerson[];
  readonly onCall: DirectoryPerson;
  /** By id, e-mail address (in any case) or name. */
  readonly findPerson: (who: string) => DirectoryPerson | undefined;
  /** The name of the service behind a routing key; `undefined`: there is no such integration. */
  readonly serviceOf: (routingKey: string) => string | undefined;
}

/** The priorities that an account has from the start. */
export const PRIORITIES: readonly string[] = ['P1', 'P2', 'P3', 'P4', 'P5'];

export function createDirectory(
  people: readonly SandboxPerson[],
  routingKeys: Readonly<Record<string, string>> | undefined,
): Directory {
  const listed = people.map((person) => ({ ...person, id: stableId('P', person.email) }));
  const [onCall] = listed;
  if (onCall === undefined) {
    throw new Error('The PagerDuty sandbox was given no people; name at least the one on call.');
  }
  const services = new Map(Object.entries(routingKeys ?? {}).map(([name, key]) => [key, name]));
  return {
    people: listed,
    onCall,
    findPerson: (who) => {
      const wanted = who.toLowerCase();
      return listed.find(
        ({ id, email, name }) =>
          id === who || email.toLowerCase() === wanted || name.toLowerCase() === wanted,
      );
    },
    serviceOf: (routingKey) =>
      routingKeys === undefined ? `Service ${stableId('', routingKey)}` : services.get(routingKey),
  };
}
