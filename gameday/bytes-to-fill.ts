/** How much *disk-full* writes. Pure. */
import { CannotBegin } from './fault.ts';

/** A file system larger than this is somebody's whole disk. */
const SMALL_BYTES = 2 * 1024 ** 3;

export type Space = {
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** What is to stay free. */
  readonly leaveBytes: number;
  /** A large file system, too. */
  readonly really: boolean;
};

/** @throws CannotBegin when the file system is large, or as full already */
export function bytesToFill({ totalBytes, freeBytes, leaveBytes, really }: Space): number {
  if (totalBytes > SMALL_BYTES && !really) {
    throw new CannotBegin(
      'disk_too_large',
      `the file system has ${inMegabytes(totalBytes)}, perhaps the machine's whole disk: keep DATA_DIR on one of at most 2 GB ` +
        '(a tmpfs or a loop device), or say --really',
    );
  }
  if (freeBytes <= leaveBytes) {
    throw new CannotBegin(
      'disk_full_already',
      `only ${inMegabytes(freeBytes)} are free: nothing has to be filled`,
    );
  }
  return freeBytes - leaveBytes;
}

export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
