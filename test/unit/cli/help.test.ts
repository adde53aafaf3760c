import { describe, expect, it } from 'vitest';
import { commandsFor, run } from './run-cli.ts';

const commands = commandsFor();

describe('help', () => {
  it('lists the commands and what the exit codes mean', async () => {
    const { exitCode, out, err } = await run(['help']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Tocsin turns alerts into incidents, pages, SLA clocks and post-mortems.

      Usage
        npx tocsin <command> [options]

      Commands
        up                    Run Tocsin on this machine
        incidents             List incidents
        show <id>             Show an incident, with its timeline and reasons
        ack <id>              Acknowledge an incident: you have it
        resolve <id>          Resolve an incident: it is over
        plan <verb> <target>  Ask for an action on a target, and show its plan
        approve <action>      Look at the plan of an action and let it run
        deny <action>         End an action before it starts
        actions               List actions, show one, or score the runbooks
        lock <target>         Keep actions off a target
        unlock <target>       Let actions start on a target again
        halt                  Stop every action, or let them go on (--off)
        postmortem <id>       Print the post-mortem of an incident
        coverage              Prove that every page would reach a person
        check <policy>        Check a policy file

      Exit codes
        0  done
        1  failed
        2  the command line is wrong
        3  there is no such incident, action or target
        4  refused: not allowed, or not possible in the state it is in
        5  Tocsin cannot be reached

      npx tocsin help <command> tells more, with examples.
      "
    `);
  });

  it.each([['--help'], ['-h']])('is also what %s prints', async (word) => {
    expect(await run([word])).toEqual(await run(['help']));
  });

  it('goes to the error output, with exit code 2, when no command is named', async () => {
    const { out } = await run(['help']);
    expect(await run([])).toEqual({ exitCode: 2, out: '', err: out });
  });

  it('of a command shows its usage, options and examples', async () => {
    expect((await run(['help', 'ack'])).out).toMatchInlineSnapshot(`
      "Acknowledge an incident: you have it.

      Usage
        npx tocsin ack <id> [options]

      Meets the response clock and tells PagerDuty. Repeating it changes nothing.

      Options
        -m, --note TEXT    a note for the timeline
        -d, --data DIR     the Tocsin of this data directory (.tocsin)
            --url URL      the HTTP API in AWS instead (TOCSIN_URL)
            --region NAME  its region (from the URL, or AWS_REGION)
            --tenant ID    tenant (the first of the policy)
            --json         the API’s own answer, for machines

      Examples
        # the beginning of an id is enough
        npx tocsin ack 7k3qa
        # and say why
        npx tocsin ack 7k3qa -m "bad deploy"
      "
    `);
  });

  it('of `up` tells of the environment', async () => {
    expect((await run(['up', '--help'])).out).toMatchInlineSnapshot(`
      "Run Tocsin on this machine.

      Usage
        npx tocsin up [options]

      Synthesizes the CDK app when something changed, and runs its template: the
      bundles that would be deployed, an embedded DynamoDB, and stand-ins for the
      other services. \`npm start\` is the same. Ctrl-C stops it.

      PAGERDUTY_ROUTING_KEY pages a real account instead of the sandbox; then also
      set PAGERDUTY_WEBHOOK_SECRET, so that its answers are believed, and
      PAGERDUTY_API_TOKEN, so that late ones can be checked. PAGERDUTY_EVENTS_URL and
      PAGERDUTY_API_URL name other addresses. AWS_ENDPOINT_URL_DYNAMODB replaces the
      embedded DynamoDB.

      Options
        -p, --port N       port on 127.0.0.1 (TOCSIN_PORT; 8484)
        -d, --data DIR     where all state is kept (.tocsin)
            --policy FILE  policy file (policy/tocsin.yaml)
            --stage NAME   dev, staging, prod or sandbox (sandbox)
            --person NAME  in whose name \`npx tocsin\` acts here ($USER)

      Examples
        # start, on port 8484
        npm start
        # on another port
        TOCSIN_PORT=9000 npm start
        # try a policy, without touching what is in .tocsin
        npx tocsin up --data /tmp/try --policy my-policy.yaml
      "
    `);
  });

  it.each(commands.map(({ name }) => [name]))('of %s fits 80 columns', async (name) => {
    const { exitCode, out } = await run(['help', name]);
    expect(exitCode).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(commands.map(({ name }) => [name]))('of %s comes in three ways', async (name) => {
    const expected = await run(['help', name]);
    expect(await run([name, '--help'])).toEqual(expected);
    expect(await run([name, '-h'])).toEqual(expected);
  });

  it('of every command has an example that begins with a command of ours', () => {
    const lines = commands.map(({ examples }) => examples.map(({ line }) => line));
    for (const [first] of lines) expect(first).toMatch(/^(npx tocsin|npm start)/);
  });

  it('is not what an argument behind -- asks for', async () => {
    const { exitCode, err } = await run(['incidents', '--', '--help']);
    expect(exitCode).toBe(2);
    expect(err).toContain('has no use for the argument "--help"');
  });
});

describe('a command that does not exist', () => {
  it('is answered with the one that was meant', async () => {
    expect(await run(['incdents'])).toEqual({
      exitCode: 2,
      out: '',
      err:
        'error: There is no command "incdents". Did you mean `incidents`?\n' +
        'Commands: up, incidents, show, ack, resolve, plan, approve, deny, actions, lock, unlock, ' +
        'halt, postmortem, coverage, check. `npx tocsin help` tells what they do.\n',
    });
  });

  it('is not guessed at when nothing is near, nor by `help`', async () => {
    const { exitCode, err } = await run(['help', 'frobnicate']);
    expect(exitCode).toBe(2);
    expect(err).not.toContain('Did you mean');
  });

  it('cannot steer the terminal', async () => {
    expect((await run(['\u001b[2J'])).err).not.toContain('\u001b');
  });
});
