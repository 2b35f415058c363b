/** What a game day is: one fault, made on a running system and ended again, and what should be seen of it. */

export type Fault = {
  /** As on the command line. */
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly title: string;
  /** The first is the one that tells; none: the system is to survive it without a word. */
  readonly alerts: readonly ExpectedAlert[];
  readonly panels: readonly { readonly dashboard: string; readonly title: string }[];
  /** A page of the console, from its root. */
  readonly console: string;
  /** Which runbook to open where there is no alert to lead to it. */
  readonly runbook?: string;
  /** How long it lasts unless somebody says otherwise. */
  readonly forSeconds: number;
  /** Options of `npm run simulate` for the traffic meanwhile. */
  readonly traffic: readonly string[];
  /** Traffic that comes before the fault, in seconds. */
  readonly warmUpSeconds?: number;
  /** How it is seen that all is well again. */
  readonly healed: string;
  /** Changes nothing. Gives one line of what exactly will be done here. @throws CannotBegin */
  check(target: Target): Promise<string>;
  /** @throws CannotBegin */
  begin(target: Target): Promise<void>;
  /**
   * Puts right what `begin` did, also of a game day that was killed, and also when there is nothing to put right: it finds
   * by itself what is left. Runs after every `begin`, whatever came of that.
   */
  end(target: Target): Promise<void>;
};

export type ExpectedAlert = {
  readonly name: string;
  /** Of the alert, such as `variant=chunked`. */
  readonly labels?: string;
  /** From the beginning of the fault, with the traffic of the game day. */
  readonly withinMinutes: number;
  /** When it depends. */
  readonly when?: string;
};

/** The running system, and how much may be done to it. */
export type Target = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly dataDir: string;
  /** When it has a database that is not its own. */
  readonly databaseUrl: string | undefined;
  /** Of a sandbox provider that was not started by the application itself. */
  readonly sandboxUrl: string | undefined;
  /** To sign tokens with; without one `/dev/token` is asked. */
  readonly tokenSecret: string | undefined;
  /** What *disk-full* leaves free. */
  readonly leaveBytes: number;
  /** Also what is refused by default. */
  readonly really: boolean;
  /** Ends what takes long in `begin`. */
  readonly interrupted: AbortSignal;
  /** One line for a person. */
  readonly note: (line: string) => void;
};

/** The fault cannot be made here; nothing was changed. The message is one line for a person. */
export class CannotBegin extends Error {
  readonly code:
    | 'server_unreachable'
    | 'no_sandbox'
    | 'no_database'
    | 'no_unleash'
    | 'no_disk_store'
    | 'disk_too_large'
    | 'disk_full_already'
    | 'nobody_chunked';
  constructor(code: CannotBegin['code'], message: string) {
    super(message);
    this.name = 'CannotBegin';
    this.code = code;
  }
}
