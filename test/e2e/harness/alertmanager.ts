import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../programs/programs.ts';
import { answering, freePort, startProgram, type Program } from './program.ts';

/** A running Alertmanager. */
export interface Alertmanager extends Program {
  /** `host:port` of its API and web pages. */
  readonly address: string;
  /** `host:port` that others of its cluster join. */
  readonly clusterAddress: string;
}

export interface AlertmanagerRequest {
  /** An empty folder of its own. */
  readonly folder: string;
  /** Text of its configuration file. */
  readonly config: string;
  /** A cluster address of another one to join; without it, it waits for others or stays alone. */
  readonly peer?: string;
  /** False switches clustering off. */
  readonly isClustered?: boolean;
}

/** Starts a real Alertmanager with everything on loopback. */
export async function startAlertmanager(request: AlertmanagerRequest): Promise<Alertmanager> {
  const { folder, config } = request;
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(configFile, config);
  const address = `127.0.0.1:${await freePort()}`;
  const clusterAddress = `127.0.0.1:${await freePort()}`;
  const program = startProgram({
    path: programPath('alertmanager'),
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      ...clusterArgs(request, clusterAddress),
      '--log.level=warn',
    ],
    cwd: folder,
    outputFile: join(folder, 'output.log'),
  });
  await answering(program, { url: `http://${address}/-/ready`, withinMs: 30_000 });
  return { ...program, address, clusterAddress };
}

function clusterArgs(
  { peer, isClustered = true }: AlertmanagerRequest,
  clusterAddress: string,
): readonly string[] {
  if (!isClustered) return ['--cluster.listen-address='];
  return [
    `--cluster.listen-address=${clusterAddress}`,
    ...(peer === undefined ? [] : [`--cluster.peer=${peer}`]),
    // Members wait position times this before they send, so that one of them usually does. A
    // millisecond makes both send: the case that a lost gossip message makes of any pair.
    '--cluster.peer-timeout=1ms',
    '--cluster.settle-timeout=2s',
  ];
}
