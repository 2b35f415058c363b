/**
 * A double of KurrentDB's server: not KurrentDB, and for tests only. It speaks the real protocol (v1, over gRPC) by the
 * service definitions that the client ships, and does of it what the adapter asks for. README.md says what it cannot
 * vouch for.
 *
 * What it was given is in a file (`event-file.ts`) and is there again at the next start on that file, also after a kill.
 */
import { randomUUID } from 'node:crypto';
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { appendCall, batchAppendCall } from './append-calls.ts';
import { EventFile } from './event-file.ts';
import { type Endpoint, type Faults, noFaults, withException } from './faults.ts';
import {
  features,
  GossipService,
  gossip,
  ServerFeaturesService,
  StreamsService,
  uuidOf,
} from './protocol.ts';
import { type ReadCall, readCall } from './read-calls.ts';

export type DoubleOptions = {
  /** Where it keeps its events. */
  readonly file: string;
  /** 0, the default: a free one. */
  readonly port?: number;
  /** PEM. Without, it speaks in the clear. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** Without, nobody is asked who he is. */
  readonly user?: { readonly name: string; readonly password: string };
  /** `22.10.0`: no word when a subscription has caught up. `20.6.0`: no batched writes either. Default `25.1.0`. */
  readonly version?: string;
  /** Default 1 MiB, as in servers of before 2026. */
  readonly maxAppendSize?: number;
  /** What gossip tells: default, this one alone, as the leader. */
  readonly members?: () => readonly Member[];
};

export type Member = Endpoint & {
  readonly state: 'leader' | 'follower' | 'replica';
  readonly isAlive: boolean;
};

export type KurrentDbDouble = {
  readonly port: number;
  /** To be changed while it runs. */
  readonly faults: Faults;
  /** `kurrentdb://127.0.0.1:PORT?tls=false`, or with TLS and the user. */
  readonly url: string;
  /** Every connection is cut, and the port is free. */
  stop(): Promise<void>;
};

const STREAMS = '/event_store.client.streams.';
const MAX_MESSAGE = 17 * 1024 * 1024;

export async function startKurrentDbDouble(options: DoubleOptions): Promise<KurrentDbDouble> {
  const { tls, user, version = '25.1.0', maxAppendSize = 1024 * 1024 } = options;
  const file = new EventFile(options.file);
  const faults = noFaults();
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE,
    'grpc.max_send_message_length': MAX_MESSAGE,
    ...(user === undefined ? {} : { interceptors: [authenticate(user)] }),
  });
  const die = () => server.forceShutdown();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const parts = {
    file,
    faults,
    maxAppendSize,
    die,
    tellsCaughtUp: major > 23 || (major === 23 && minor >= 10),
  };
  server.addService(StreamsService, {
    append: appendCall.bind(null, parts),
    batchAppend: batchAppendCall.bind(null, parts),
    read: (call: ReadCall) => {
      void readCall(parts, call);
    },
  });
  const getSupportedMethods: handleUnaryCall<unknown, unknown> = (_call, answer) => {
    if (!faults.silent) answer(null, supportedMethods(version, major >= 21));
  };
  const readGossip: handleUnaryCall<unknown, unknown> = (_call, answer) => {
    const own: Member = { host: '127.0.0.1', port, state: 'leader', isAlive: true };
    if (!faults.silent) answer(null, clusterOf(options.members?.() ?? [own]));
  };
  server.addService(ServerFeaturesService, { getSupportedMethods });
  server.addService(GossipService, { read: readGossip });
  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) },
        ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  let isStopped = false;
  return {
    port,
    faults,
    url: urlOf(port, options),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      server.forceShutdown();
      file.close();
    },
  };
}

function urlOf(port: number, { tls, user }: DoubleOptions): string {
  const who = user === undefined ? '' : `${user.name}:${encodeURIComponent(user.password)}@`;
  return `kurrentdb://${who}127.0.0.1:${port}?tls=${tls !== undefined}`;
}

/**
 * Of who asks for streams; features and gossip are for everybody. Without a name: access denied, since anonymous access to
 * streams is off. With a wrong password: unauthenticated.
 */
function authenticate({
  name,
  password,
}: {
  readonly name: string;
  readonly password: string;
}): ServerInterceptor {
  const wanted = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return ({ path }, call) => {
    if (!path.startsWith(STREAMS)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata(metadata, pass) {
            const [given] = metadata.get('authorization');
            if (given === wanted) return pass(metadata);
            call.sendStatus(
              given === undefined
                ? withException(status.PERMISSION_DENIED, 'Access Denied', 'access-denied')
                : { code: status.UNAUTHENTICATED, details: 'Bad HTTP response, status code 401' },
            );
          },
        });
      },
    });
  };
}

function supportedMethods(version: string, hasBatchAppend: boolean) {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(version);
  const add = (name: string, ...of: string[]) => {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName(name);
    method.setFeaturesList(of);
    supported.addMethods(method);
  };
  add('read', 'position', 'events');
  add('append');
  if (hasBatchAppend) add('batchappend', 'deadline_duration');
  return supported;
}

function clusterOf(members: readonly Member[]) {
  const { LEADER, FOLLOWER, READONLYREPLICA } = gossip.MemberInfo.VNodeState;
  const states = { leader: LEADER, follower: FOLLOWER, replica: READONLYREPLICA };
  const cluster = new gossip.ClusterInfo();
  for (const { host, port, state, isAlive } of members) {
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(host);
    endpoint.setPort(port);
    const member = new gossip.MemberInfo();
    member.setInstanceId(uuidOf(randomUUID()));
    member.setTimeStamp(String(Date.now()));
    member.setState(states[state]);
    member.setIsAlive(isAlive);
    member.setHttpEndPoint(endpoint);
    cluster.addMembers(member);
  }
  return cluster;
}
