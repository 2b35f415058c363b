/**
 * Loaded into a process of the service before anything else (`node --import`), so that its clock can be wrong and jump:
 * SOAK_CLOCK_MS is what it is off by at the start, each SIGUSR2 turns it to the other side. What measures (performance,
 * timers) goes on evenly, as with a real clock that is put right.
 */
const RealDate = Date;
let offsetMs = Number(process.env.SOAK_CLOCK_MS ?? 0);
process.on('SIGUSR2', () => {
  offsetMs = -offsetMs;
});

class ShiftedDate extends RealDate {
  constructor(...args: [] | ConstructorParameters<DateConstructor>) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }
  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;
