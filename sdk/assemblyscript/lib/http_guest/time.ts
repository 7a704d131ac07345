// The wall clock.
import { hostcall_time_now } from "./hostcalls";
import { POINTER_CELL, pointer } from "./received";

/** A moment since the Unix epoch. */
export class Time {
  constructor(
    public seconds: u64 = 0,
    public subsec_nanos: u32 = 0,
  ) {}

  /** This moment. */
  static now(): Time {
    const seconds = hostcall_time_now(POINTER_CELL);
    return new Time(seconds, <u32>pointer());
  }

  @operator("==") equals(other: Time): bool {
    return this.seconds == other.seconds && this.subsec_nanos == other.subsec_nanos;
  }

  @operator("!=") differs(other: Time): bool {
    return !this.equals(other);
  }

  @operator("<") before(other: Time): bool {
    return this.seconds == other.seconds
      ? this.subsec_nanos < other.subsec_nanos
      : this.seconds < other.seconds;
  }

  @operator(">") after(other: Time): bool {
    return other.before(this);
  }

  @operator("<=") not_after(other: Time): bool {
    return !other.before(this);
  }

  @operator(">=") not_before(other: Time): bool {
    return !this.before(other);
  }
}
