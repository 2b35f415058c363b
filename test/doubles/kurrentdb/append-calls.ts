/** `Append` (a call each) and `BatchAppend` (many writes on one call, answered as they are done), as KurrentDB has them. */
import {
  type ServerDuplexStream,
  type ServerReadableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Expected } from './check-write.ts';
import type { EventFile, ProposedEvent } from './event-file.ts';
import { type Faults, notLeader, unavailable, withException } from './faults.ts';
import { anyPb, emptyPb, identifierOf, idOf, nameOf, status as rpc, shared, streams } from './protocol.ts';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type BatchAppendReq = InstanceType<typeof streams.BatchAppendReq>;
type BatchAppendResp = InstanceType<typeof streams.BatchAppendResp>;
type Status = InstanceType<typeof rpc.Status>;

export type AppendParts = {
  readonly file: EventFile;
  readonly faults: Faults;
  /** Bytes of one write: data, metadata and twice the type's length. */
  readonly maxAppendSize: number;
  /** Ends the process, as it were: every connection is cut. */
  readonly die: () => void;
};

/** Google's codes, as they stand in the answer to a batched write. */
const CODE = { unknown: 2, invalid: 3, deadline: 4, alreadyExists: 6, internal: 13 } as const;

export function appendCall(
  { file, faults, maxAppendSize, die }: AppendParts,
  call: ServerReadableStream<AppendReq, AppendResp>,
  answer: sendUnaryData<AppendResp>,
): void {
  let options: InstanceType<typeof streams.AppendReq.Options> | undefined;
  const events: ProposedEvent[] = [];
  call.on('data', (request: AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) events.push(proposedOf(message));
  });
  call.on('end', () => {
    if (faults.silent) return;
    const trouble = troubleOf(faults);
    if (trouble !== null) return answer(trouble);
    if (sizeOf(events) > maxAppendSize) {
      const details = `Maximum Append Size of ${maxAppendSize} Exceeded.`;
      const more = { 'maximum-append-size': String(maxAppendSize) };
      return answer(
        withException(status.INVALID_ARGUMENT, details, 'maximum-append-size-exceeded', more),
        null,
      );
    }
    if (faults.full) return die();
    const decision = file.write(
      nameOf(options?.getStreamIdentifier()),
      expectedOf(options, 'getRevision'),
      events,
    );
    if (faults.lostAnswers > 0) {
      faults.lostAnswers--;
      return die();
    }
    const response = new streams.AppendResp();
    if (decision.does === 'refuse') {
      const wrong = new streams.AppendResp.WrongExpectedVersion();
      if (decision.actual < 0) wrong.setCurrentNoStream(new shared.Empty());
      else wrong.setCurrentRevision(String(decision.actual));
      response.setWrongExpectedVersion(wrong);
    } else {
      const success = new streams.AppendResp.Success();
      const last = decision.does === 'write' ? decision.first + events.length - 1 : decision.last;
      success.setCurrentRevision(String(last));
      success.setNoPosition(new shared.Empty());
      response.setSuccess(success);
    }
    answer(null, response);
  });
}

type Gathering = {
  readonly options: InstanceType<typeof streams.BatchAppendReq.Options>;
  readonly events: ProposedEvent[];
};

export function batchAppendCall(
  { file, faults, maxAppendSize, die }: AppendParts,
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
): void {
  const gathering = new Map<string, Gathering>();
  call.on('end', () => call.end());
  call.on('error', () => undefined);
  call.on('data', (request: BatchAppendReq) => {
    const id = idOf(request.getCorrelationId());
    const options = request.getOptions();
    if (options !== undefined) gathering.set(id, { options, events: [] });
    const gathered = gathering.get(id);
    if (gathered === undefined) return; // it was given up before
    gathered.events.push(...request.getProposedMessagesList().map(proposedOf));
    const stream = nameOf(gathered.options.getStreamIdentifier());
    const answer = (response: BatchAppendResp) => {
      gathering.delete(id);
      response.setCorrelationId(request.getCorrelationId());
      response.setStreamIdentifier(identifierOf(stream));
      call.write(response);
    };
    if (faults.silent) return;
    if (sizeOf(gathered.events) > maxAppendSize) {
      const exceeded = new shared.MaximumAppendSizeExceeded();
      exceeded.setMaxappendsize(maxAppendSize);
      return answer(refusal(CODE.invalid, 'MaximumAppendSizeExceeded', exceeded));
    }
    if (!request.getIsFinal()) return;
    // It tells this in the middle of answering, so all the writes on this call fail with it.
    if (faults.leader !== null) {
      if (faults.leader !== 'unknown') return void call.emit('error', notLeader(faults.leader));
      return answer(refusal(0, 'No leader info available in response', new emptyPb.Empty()));
    }
    if (faults.refuses !== null) {
      const words = faults.refuses === 'Server Is Too Busy' ? 'Server Is Busy' : faults.refuses;
      return answer(refusal(0, words, new emptyPb.Empty()));
    }
    if (isLate(gathered.options)) return answer(refusal(CODE.deadline, 'Timeout', new shared.Timeout()));
    if (faults.full) return die();
    const decision = file.write(stream, expectedOf(gathered.options, 'getStreamPosition'), gathered.events);
    if (faults.lostAnswers > 0) {
      faults.lostAnswers--;
      return die();
    }
    if (decision.does === 'refuse') return answer(wrongVersion(gathered.options, decision.actual));
    const response = new streams.BatchAppendResp();
    const success = new streams.BatchAppendResp.Success();
    const last = decision.does === 'write' ? decision.first + gathered.events.length - 1 : decision.last;
    success.setCurrentRevision(String(last));
    const position = file.stream(stream)[last]?.position;
    if (position === undefined) {
      success.setNoPosition(new emptyPb.Empty());
    } else {
      const place = new shared.AllStreamPosition();
      place.setCommitPosition(String(position));
      place.setPreparePosition(String(position));
      success.setPosition(place);
    }
    response.setSuccess(success);
    answer(response);
  });
}

function troubleOf(faults: Faults) {
  if (faults.leader !== null) return notLeader(faults.leader);
  return faults.refuses === null ? null : unavailable(faults.refuses);
}

function sizeOf(events: readonly ProposedEvent[]): number {
  return events.reduce(
    (size, { type, data, metadata }) => size + data.length + metadata.length + type.length * 2,
    0,
  );
}

function isLate(options: Gathering['options']): boolean {
  const deadline = options.getDeadline21100();
  return deadline !== undefined && deadline.toDate().getTime() <= Date.now();
}

type AnyOptions = { hasAny(): boolean; hasNoStream(): boolean; hasStreamExists(): boolean };

function expectedOf<Name extends string>(
  options: (AnyOptions & { [name in Name]: () => string }) | undefined,
  revision: Name,
): Expected {
  if (options === undefined || options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no-stream';
  return options.hasStreamExists() ? 'stream-exists' : Number(options[revision]());
}

function proposedOf(
  message:
    | InstanceType<typeof streams.AppendReq.ProposedMessage>
    | InstanceType<typeof streams.BatchAppendReq.ProposedMessage>,
): ProposedEvent {
  return {
    id: idOf(message.getId()),
    type: message.getMetadataMap().get('type') ?? '',
    isJson: message.getMetadataMap().get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

function refusal(code: number, message: string, details: { serializeBinary(): Uint8Array }): BatchAppendResp {
  const response = new streams.BatchAppendResp();
  response.setError(statusOf(code, message, details));
  return response;
}

function statusOf(code: number, message: string, details: { serializeBinary(): Uint8Array }): Status {
  const any = new anyPb.Any();
  const name = details instanceof emptyPb.Empty ? 'google.protobuf.Empty' : `event_store.client.${message}`;
  any.pack(details.serializeBinary(), name);
  const error = new rpc.Status();
  error.setCode(code);
  error.setMessage(message);
  error.setDetails(any);
  return error;
}

function wrongVersion(options: Gathering['options'], actual: number): BatchAppendResp {
  const wrong = new shared.WrongExpectedVersion();
  if (actual < 0) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (options.hasAny()) wrong.setExpectedAny(new emptyPb.Empty());
  else if (options.hasNoStream()) wrong.setExpectedNoStream(new emptyPb.Empty());
  else if (options.hasStreamExists()) wrong.setExpectedStreamExists(new emptyPb.Empty());
  else wrong.setExpectedStreamPosition(options.getStreamPosition());
  return refusal(CODE.alreadyExists, 'WrongExpectedVersion', wrong);
}
