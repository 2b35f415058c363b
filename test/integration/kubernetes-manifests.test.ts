/**
 * deploy/kubernetes, held against Kubernetes' own schema and, since that takes words it does not know, against its types
 * by the compiler; against what the application reads; and against what a pod here keeps to.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { readConfig, VARIABLES } from '../../src/config.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const COMPILER_MS = 60_000;

const MODELS = { ConfigMap, Deployment, Job, Namespace, PodDisruptionBudget, Service } as const;
const MODULES: Readonly<Record<keyof typeof MODELS, string>> = {
  ConfigMap: 'kubernetes-models/v1',
  Deployment: 'kubernetes-models/apps/v1',
  Job: 'kubernetes-models/batch/v1',
  Namespace: 'kubernetes-models/v1',
  PodDisruptionBudget: 'kubernetes-models/policy/v1',
  Service: 'kubernetes-models/v1',
};

type Manifest = { readonly kind: keyof typeof MODELS; readonly metadata: { readonly name: string } } & Record<
  string,
  any
>;

const documentsIn = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => document.toJS());
const KUSTOMIZATION = 'kustomization.yaml';
const MANIFESTS = readdirSync(FOLDER)
  .filter((file) => file !== KUSTOMIZATION)
  .flatMap(documentsIn);
const of = (kind: keyof typeof MODELS) => MANIFESTS.filter((each) => each.kind === kind);
const PODS = [...of('Deployment'), ...of('Job')].map(({ metadata, spec }) => ({
  name: metadata.name,
  labels: spec.template.metadata.labels,
  spec: spec.template.spec,
}));
const CONTAINERS = PODS.flatMap(({ spec }) => [...spec.containers, ...(spec.initContainers ?? [])]);

/** What the compiler says of them, each as a value of its kind's type. */
function complaints(manifests: readonly Manifest[]): string {
  const cache = join(ROOT, 'node_modules/.cache'); // from where the types are found
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'thankly-kubernetes-'));
  try {
    const lines = manifests.map(
      (manifest, index) =>
        `import type { I${manifest.kind} as T${index} } from '${MODULES[manifest.kind]}';\nexport const m${index}: T${index} = ${JSON.stringify(manifest)};`,
    );
    const file = join(folder, 'manifests.ts');
    writeFileSync(file, lines.join('\n'));
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    execFileSync(process.execPath, [TSC, ...options, file], { timeout: COMPILER_MS, encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout?: string }).stdout || String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the manifests of Kubernetes', () => {
  it.each(MANIFESTS.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is what the schema says',
    (_, manifest) => {
      const Model = MODELS[manifest.kind] as new (data: object) => { validate(): void };
      expect(() => new Model(manifest).validate()).not.toThrow();
    },
  );

  it(
    'hold no word that Kubernetes does not know',
    () => {
      expect(complaints(MANIFESTS)).toBe('');
      const [deployment] = of('Deployment');
      const misspelt = { ...deployment, spec: { ...deployment?.spec, repliccas: 3 } } as unknown as Manifest;
      expect(complaints([misspelt])).toContain('repliccas'); // it does look
    },
    2 * COMPILER_MS,
  );

  it('are all in the kustomization, but for what is done once', () => {
    const [{ resources, images } = {}] = documentsIn(KUSTOMIZATION) as any[];
    expect([...resources, 'set-up.yaml', KUSTOMIZATION].sort()).toEqual(readdirSync(FOLDER).sort());
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(images).toEqual([{ name: 'thankly-voice', newName: expect.any(String), newTag: version }]);
    for (const { image } of CONTAINERS)
      expect(['thankly-voice', `${images[0].newName}:${version}`]).toContain(image);
  });

  it('set nothing that is not read, and what production demands together with the secret', () => {
    const [{ data } = {}] = of('ConfigMap') as any[];
    const names = [
      ...Object.keys(data),
      ...CONTAINERS.flatMap(({ env = [] }) => env.map((each: any) => each.name)),
    ];
    expect(names.filter((name) => !VARIABLES.includes(name) && name !== 'S3_CORS_ORIGINS')).toEqual([]);
    const secret = {
      DATABASE_URL: 'postgres://thankly:x@db.example/thankly?sslmode=verify-full',
      UNLEASH_API_TOKEN: 'default:production.x',
      UNLEASH_ADMIN_TOKEN: '*:*.x',
      OPENAI_API_KEY: 'sk-x',
      METRICS_TOKEN: 'x'.repeat(16),
    };
    for (const ROLE of ['api', 'worker'])
      expect(readConfig({ NODE_ENV: 'production', ROLE, ...data, ...secret }, '/app')).toMatchObject({
        ROLE,
      });
  });

  it('start commands that the image has', () => {
    const commands = CONTAINERS.flatMap(({ args = [] }) => args.slice(0, 1));
    expect(commands.filter((path: string) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(commands).toHaveLength(2);
  });

  it('have one Deployment a role, each kept up while a machine is emptied', () => {
    const roles = of('Deployment').map(({ spec }) => spec.template.spec.containers[0].env[0]);
    expect(roles).toEqual([
      { name: 'ROLE', value: 'api' },
      { name: 'ROLE', value: 'worker' },
    ]);
    for (const { spec } of of('Deployment')) {
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
      const budgets = of('PodDisruptionBudget').filter(
        (budget) =>
          JSON.stringify(budget.spec.selector.matchLabels) === JSON.stringify(spec.selector.matchLabels),
      );
      expect(budgets.map(({ spec: { minAvailable } }) => minAvailable)).toEqual([spec.replicas - 1]);
    }
    expect(of('Service')[0]?.spec.selector).toEqual(
      of('Deployment').find(({ metadata }) => metadata.name === 'thankly-api')?.spec.selector.matchLabels,
    );
  });

  it('ask each pod how it is', () => {
    for (const { spec } of of('Deployment')) {
      const [{ startupProbe, livenessProbe, readinessProbe, ports }] = spec.template.spec.containers;
      expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path)).toEqual([
        '/healthz',
        '/healthz',
        '/readyz',
      ]);
      expect(ports).toEqual([{ name: 'http', containerPort: 8080 }]); // PORT of the Dockerfile
    }
  });

  it('give a pod the time that it takes to stop', () => {
    const [{ data } = {}] = of('ConfigMap') as any[];
    const { STOP_SECONDS } = readConfig({ STOP_SECONDS: data.STOP_SECONDS }, '/');
    for (const { spec } of of('Deployment').map((each) => each.spec.template)) {
      const before = spec.containers[0].lifecycle?.preStop.sleep.seconds ?? 0;
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(before + STOP_SECONDS + 5);
    }
  });

  it('let a pod do nothing but its work', () => {
    for (const { spec } of PODS) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
    }
    for (const container of CONTAINERS) {
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: {
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: expect.anything(),
        },
        envFrom: [{ configMapRef: { name: 'thankly-voice' } }, { secretRef: { name: 'thankly-voice' } }],
      });
    }
  });
});
