/** What a read or a subscription is sent, a message each. */
import type { StoredEvent } from './event-file.ts';
import { identifierOf, streams, timestampPb, uuidOf } from './protocol.ts';

export type ReadResp = InstanceType<typeof streams.ReadResp>;
/** A place in the log; −1 is before the first record. */
export type LogPosition = { readonly commit: number; readonly prepare: number };

const TICKS_PER_MILLISECOND = 10_000n;

export function eventMessage({ position, ...event }: StoredEvent): ReadResp {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  record.setId(uuidOf(event.id));
  record.setStreamIdentifier(identifierOf(event.stream));
  record.setStreamRevision(String(event.revision));
  record.setCommitPosition(String(position));
  record.setPreparePosition(String(position));
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  const metadata = record.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('created', String(BigInt(event.created) * TICKS_PER_MILLISECOND));
  metadata.set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(record);
  read.setCommitPosition(String(position));
  const response = new streams.ReadResp();
  response.setEvent(read);
  return response;
}

export function confirmationMessage(subscriptionId: string): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId);
  const response = new streams.ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

export function checkpointMessage({ commit, prepare }: LogPosition): ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(commit));
  checkpoint.setPreparePosition(String(prepare));
  checkpoint.setTimestamp(timestampPb.Timestamp.fromDate(new Date()));
  const response = new streams.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

export function caughtUpMessage({ commit, prepare }: LogPosition): ReadResp {
  const caughtUp = new streams.ReadResp.CaughtUp();
  caughtUp.setTimestamp(timestampPb.Timestamp.fromDate(new Date()));
  if (commit >= 0) {
    const position = new streams.ReadResp.Position();
    position.setCommitPosition(String(commit));
    position.setPreparePosition(String(prepare));
    caughtUp.setPosition(position);
  }
  const response = new streams.ReadResp();
  response.setCaughtUp(caughtUp);
  return response;
}

export function streamNotFoundMessage(stream: string): ReadResp {
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifierOf(stream));
  const response = new streams.ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}

export function lastRevisionMessage(revision: number): ReadResp {
  const response = new streams.ReadResp();
  response.setLastStreamPosition(String(revision));
  return response;
}
