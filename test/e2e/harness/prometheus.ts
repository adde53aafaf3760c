import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../programs/programs.ts';
import { answering, freePort, startProgram, type Program } from './program.ts';

export interface PrometheusRequest {
  /** An empty folder of its own. */
  readonly folder: string;
  /** `host:port` of what is scraped. */
  readonly target: string;
  /** `host:port` of every Alertmanager. */
  readonly alertmanagers: readonly string[];
  /** Rules as Prometheus reads them. */
  readonly rules: string;
}

/** A running Prometheus. */
export interface Prometheus extends Program {
  /** `host:port` of its API. */
  readonly address: string;
}

/** Starts a real Prometheus that scrapes and evaluates every second. */
export async function startPrometheus(request: PrometheusRequest): Promise<Prometheus> {
  const { folder } = request;
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(join(folder, 'rules.yml'), request.rules);
  writeFileSync(configFile, configOf(request));
  const port = await freePort();
  const program = startProgram({
    path: programPath('prometheus'),
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--rules.alert.resend-delay=5s',
      '--log.level=warn',
    ],
    cwd: folder,
    outputFile: join(folder, 'output.log'),
  });
  await answering(program, { url: `http://127.0.0.1:${port}/-/ready`, withinMs: 30_000 });
  return { ...program, address: `127.0.0.1:${port}` };
}

const configOf = ({ target, alertmanagers }: PrometheusRequest): string => `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ['${target}'] }]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ${JSON.stringify(alertmanagers)} }]
`;
