/**
 * The parts of Expo's modules that we use, as structures of our own: the client is installed without Expo, the app hands
 * its modules in. `expo/check/modules.ts` proves that those of SDK 57 fit. Methods are written as methods: what they take
 * is compared both ways, so that a module may ask for its own classes where we only ever hand over what it gave us.
 */

/** Of `expo-audio`. */
export interface AudioModules {
  readonly AudioModule: {
    getRecordingPermissionsAsync(): Promise<Permission>;
    requestRecordingPermissionsAsync(): Promise<Permission>;
    readonly AudioStream: new (options: {
      sampleRate: number;
      channels: number;
      encoding: string;
    }) => PcmStream;
  };
}

export type Permission = { readonly granted: boolean; readonly canAskAgain: boolean };

export interface PcmStream {
  start(): Promise<void>;
  stop(): void;
  addListener(event: 'audioStreamBuffer', listener: (buffer: PcmBuffer) => void): Subscription;
  /** Frees the native object; it is of no use afterwards. */
  release(): void;
}

export type PcmBuffer = {
  /** Interleaved; float32 when that was asked for. */
  readonly data: ArrayBuffer;
  readonly sampleRate: number;
  readonly channels: number;
};

export type Subscription = { remove(): void };

/** Of `expo-file-system`. */
export interface FileSystemModules {
  readonly File: new (...uris: string[]) => DeviceFile;
  readonly Directory: new (...uris: string[]) => DeviceDirectory;
  readonly Paths: {
    readonly document: { readonly uri: string };
    readonly cache: { readonly uri: string };
    /** Bytes. */
    readonly availableDiskSpace: number;
  };
  readonly FileMode: { readonly ReadOnly: string; readonly WriteOnly: string };
  readonly UploadType: { readonly BINARY_CONTENT: number };
}

export interface DeviceFile {
  readonly uri: string;
  readonly name: string;
  readonly exists: boolean;
  /** Bytes; null or 0 where there is no file. */
  readonly size: number | null;
  /** @throws Error when its folder is missing, or it is there and `overwrite` is not set */
  create(options?: { intermediates?: boolean; overwrite?: boolean }): void;
  /** Writes over what was there. Not atomic on any platform. */
  write(content: string | Uint8Array): void;
  text(): Promise<string>;
  textSync(): string;
  bytes(): Promise<Uint8Array>;
  /** @throws Error when there is none */
  delete(): void;
  /** With `overwrite` the target is deleted first, then the file renamed (read in the sources of both platforms). */
  moveSync(destination: DeviceFile | DeviceDirectory, options?: { overwrite?: boolean }): void;
  open(mode?: string): DeviceFileHandle;
  createUploadTask(url: string, options?: UploadTaskOptions): UploadTask;
}

export interface DeviceFileHandle {
  /** Fewer at the end of the file, none behind it. */
  readBytes(length: number): Uint8Array;
  writeBytes(bytes: Uint8Array): void;
  close(): void;
  offset: number | null;
}

export interface DeviceDirectory {
  readonly uri: string;
  readonly name: string;
  readonly exists: boolean;
  create(options?: { intermediates?: boolean; idempotent?: boolean }): void;
  /** With all that is in it. @throws Error when there is none */
  delete(): void;
  list(): readonly (DeviceFile | DeviceDirectory)[];
}

export type UploadTaskOptions = {
  httpMethod?: 'POST' | 'PUT' | 'PATCH';
  uploadType?: number;
  headers?: Record<string, string>;
  sessionType?: 'background' | 'foreground';
};

export interface UploadTask {
  /** Resolves with any answer; rejects when there was none, or it was cancelled. */
  uploadAsync(): Promise<{ readonly status: number; readonly headers: Record<string, string> }>;
  cancel(): void;
  /** On both platforms this also cancels what is under way. */
  release(): void;
}

/** Of `react-native`. */
export interface AppStateModule {
  readonly currentState: string;
  addEventListener(event: 'change', listener: (state: string) => void): Subscription;
}

/** Of `expo-network`. */
export interface NetworkModules {
  getNetworkStateAsync(): Promise<NetworkState>;
  addNetworkStateListener(listener: (state: NetworkState) => void): Subscription;
}

/** `undefined` and `null`: not known. */
export type NetworkState = {
  readonly isConnected?: boolean | undefined;
};

/** Of `expo-keep-awake`. */
export interface KeepAwakeModules {
  activateKeepAwakeAsync(tag?: string): Promise<void>;
  deactivateKeepAwake(tag?: string): Promise<void>;
}
