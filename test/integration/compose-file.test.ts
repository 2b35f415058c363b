/**
 * docker-compose.yml, held against the schema of the Compose specification, the files it mounts, what the application reads
 * and its own env file. Docker itself cannot run here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readConfig, VARIABLES } from '../../src/config.ts';

type Service = {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  /** `45s` */
  readonly stop_grace_period?: string;
};

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const TEXT = read('docker-compose.yml');
const file = parse(TEXT, { merge: true }) as { services: Record<string, Service>; volumes: object };
const services = Object.entries(file.services);
/** Of our own image: the nodes, and what is done once before them. */
const OURS = ['app-1', 'app-2', 's3-setup', 'flags-sync'];
const NODES = ['app-1', 'app-2'];

const example = Object.fromEntries(
  [...read('deploy/env.example').matchAll(/^([A-Z_0-9]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

/** What Compose makes of `${NAME}`, `${NAME:-else}` and `${NAME:?why}`. */
function interpolated(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{([A-Z_0-9]+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind?: string, rest = '') => {
      const value = environment[name] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new Error(`${name}: ${rest}`);
      return kind === '-' ? rest : '';
    },
  );
}

describe('docker-compose.yml', () => {
  it('is what the Compose specification says', () => {
    // Its formats (Go's durations, ports) are its own; its draft is named by an address that Ajv does not know.
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const { $schema: _, ...schema } = JSON.parse(read('deploy/schemas/compose-spec.json'));
    const validate = ajv.compile(schema);
    validate(file);
    expect(validate.errors).toBeNull();
    validate({ services: { app: { image: 'x', read_onyl: true } } });
    expect(validate.errors).not.toBeNull(); // it does look
  });

  it('names every image with its version, and the parts that were tested here with the same', () => {
    for (const [, { image }] of services) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/);
    const { version } = JSON.parse(read('package.json'));
    for (const name of OURS) expect(file.services[name]?.image).toBe(`thankly-voice:${version}`);
    const lock = JSON.parse(read('package-lock.json')).packages;
    expect(read('Dockerfile')).toContain(`ARG NODE=${lock['node_modules/node'].version}-`);
    const minor = (text: string) => /:?(\d+\.\d+)\./.exec(text)?.[1];
    expect(minor(file.services.unleash?.image ?? '')).toBe(
      minor(lock['node_modules/unleash-server'].version),
    );
    expect(file.services.postgres?.image).toMatch(/^postgres:18\./); // as embedded
  });

  it('mounts only what is there', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((each) => each.split(':')[0] ?? ''),
    );
    const files = mounts.filter((source) => source.startsWith('.'));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const named = mounts.filter((source) => !source.startsWith('.'));
    expect(named.filter((name) => !(name in file.volumes))).toEqual([]);
  });

  it('has a node for each that Prometheus asks, and an Alertmanager where it tells', () => {
    const targets = ['thankly', 'alertmanager'].flatMap((name) =>
      (parse(read(`grafana/prometheus/targets/${name}.yml`)) as { targets: string[] }[]).flatMap(
        (each) => each.targets,
      ),
    );
    expect(targets).toEqual(['app-1:8080', 'app-2:8080', 'alertmanager:9093']);
    for (const target of targets) expect(file.services).toHaveProperty(target.split(':')[0] ?? '');
  });

  it('starts what is waited for only when it is well', () => {
    const wrong = services.flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on)
        .filter(([on, { condition }]) => {
          const { healthcheck, command } = file.services[on] ?? {};
          if (condition === 'service_healthy') return healthcheck?.test === undefined;
          // What is done once has no health, and ends.
          return condition !== 'service_completed_successfully' || !command?.[0]?.endsWith('-cli.ts');
        })
        .map(([on]) => `${name} → ${on}`),
    );
    expect(wrong).toEqual([]);
  });

  it('starts commands that the image has', () => {
    const commands = OURS.flatMap((name) => file.services[name]?.command?.[0] ?? []);
    expect(commands).toEqual(['src/objects/s3/setup-cli.ts', 'flags/unleash/sync-cli.ts']);
    expect(commands.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('sets nothing that is not read', () => {
    for (const name of NODES) {
      const names = Object.keys(file.services[name]?.environment ?? {});
      expect(names.filter((each) => !VARIABLES.includes(each))).toEqual([]);
    }
    const readBy = {
      's3-setup': 'src/objects/s3/setup-environment.ts',
      'flags-sync': 'flags/unleash/sync-target.ts',
    };
    for (const [name, source] of Object.entries(readBy)) {
      const names = Object.keys(file.services[name]?.environment ?? {});
      expect(names.filter((each) => !read(source).includes(each))).toEqual([]);
    }
  });

  it('gives a node what production demands, once .env is filled in', () => {
    const secret = 'x'.repeat(40);
    const given = {
      ...example,
      ...Object.fromEntries(
        ['OPENAI_API_KEY', 'POSTGRES_PASSWORD', 'JWT_SECRET'].map((name) => [name, secret]),
      ),
      S3_SECRET_ACCESS_KEY: secret,
      METRICS_TOKEN: secret,
      UNLEASH_API_TOKEN: `default:development.${secret}`,
      UNLEASH_ADMIN_TOKEN: `*:*.${secret}`,
    };
    for (const name of NODES) {
      const environment = Object.fromEntries(
        Object.entries(file.services[name]?.environment ?? {}).map(([key, value]) => [
          key,
          interpolated(value, given),
        ]),
      );
      const config = readConfig({ NODE_ENV: 'production', ...environment }, '/app');
      expect(Number.parseInt(file.services[name]?.stop_grace_period ?? '', 10)).toBeGreaterThan(
        config.STOP_SECONDS + 5,
      );
      expect(config).toMatchObject({
        embedded: false,
        S3_FORCE_PATH_STYLE: true,
        S3_ENDPOINT: 'http://s3:8333',
      });
    }
  });

  it('says which line of .env is still to be filled in, and reads none that the example lacks', () => {
    const asked = [...TEXT.matchAll(/\$\{([A-Z_0-9]+)/g)].map(([, name = '']) => name);
    expect(asked.filter((name) => !(name in example))).toEqual([]);
    // Read by Compose itself.
    expect(
      Object.keys(example).filter((name) => !asked.includes(name) && name !== 'COMPOSE_PROFILES'),
    ).toEqual([]);
    expect(() => interpolated(TEXT, example)).toThrow(/see deploy\/env.example/);
  });

  it('has no secret in it, nor has the example', () => {
    for (const name of Object.keys(example).filter((each) => /PASSWORD|TOKEN|SECRET|API_KEY/.test(each)))
      expect(example[name]).toBe('');
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|TOKEN|SECRET|API_KEY/.test(name))
          expect(value).toMatch(/^\$\{[A-Z_0-9]+(:[-?][^}]*)?\}$/);
  });

  it('opens nothing but to this machine, and lets our own image change nothing', () => {
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const name of OURS) {
      expect(file.services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });
});
