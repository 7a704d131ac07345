//! The time of day.

use crate::hostcalls;

/// The platform's clock.
///
/// ```no_run
/// use http_guest::Time;
/// assert!(Time::since_epoch().as_secs() > 1_500_000_000);
/// ```
#[derive(Debug)]
pub struct Time;

#[cfg(feature = "current")]
pub use std::time::Duration;

#[cfg(not(feature = "current"))]
pub use crate::time::of_2019::Duration;

impl Time {
    /// Time since 1970-01-01 00:00 UTC.
    pub fn since_epoch() -> Duration {
        let (seconds, nanoseconds) = hostcalls::time_now();
        Duration::new(seconds, nanoseconds)
    }
}

#[cfg(not(feature = "current"))]
mod of_2019 {
    use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

    /// A span of time in units of 2⁻³² seconds, with the methods that programs of 2019 know.
    #[derive(Copy, Clone, Debug, Default, Hash, Ord, Eq, PartialOrd, PartialEq)]
    pub struct Duration(u64);

    const TICKS_PER_SECOND: u64 = 1 << 32;
    const NANOSECONDS: u64 = 1_000_000_000;

    impl Duration {
        /// From seconds and nanoseconds.
        pub fn new(seconds: u64, nanoseconds: u32) -> Self {
            let fraction = (u64::from(nanoseconds) * TICKS_PER_SECOND + NANOSECONDS - 1) / NANOSECONDS;
            Duration((seconds << 32) + fraction)
        }

        /// From days.
        pub fn from_days(days: u64) -> Self {
            Duration::from_secs(days * 86_400)
        }

        /// From hours.
        pub fn from_hours(hours: u64) -> Self {
            Duration::from_secs(hours * 3_600)
        }

        /// From minutes.
        pub fn from_mins(minutes: u64) -> Self {
            Duration::from_secs(minutes * 60)
        }

        /// From seconds.
        pub fn from_secs(seconds: u64) -> Self {
            Duration(seconds << 32)
        }

        /// From milliseconds.
        pub fn from_millis(milliseconds: u64) -> Self {
            Duration::new(milliseconds / 1000, (milliseconds % 1000) as u32 * 1_000_000)
        }

        /// From ticks of 2⁻³² seconds.
        pub fn from_ticks(ticks: u64) -> Self {
            Duration(ticks)
        }

        /// Whole days.
        pub fn as_days(&self) -> u64 {
            self.as_secs() / 86_400
        }

        /// Whole hours.
        pub fn as_hours(&self) -> u64 {
            self.as_secs() / 3_600
        }

        /// Whole minutes.
        pub fn as_mins(&self) -> u64 {
            self.as_secs() / 60
        }

        /// Whole seconds.
        pub fn as_secs(&self) -> u64 {
            self.0 >> 32
        }

        /// Whole milliseconds.
        pub fn as_millis(&self) -> u64 {
            (u128::from(self.0) * 1000 >> 32) as u64
        }

        /// Whole microseconds.
        pub fn as_micros(&self) -> u64 {
            (u128::from(self.0) * 1_000_000 >> 32) as u64
        }

        /// Whole nanoseconds.
        pub fn as_nanos(&self) -> u64 {
            (u128::from(self.0) * u128::from(NANOSECONDS) >> 32) as u64
        }

        /// The fraction of a second, in nanoseconds.
        pub fn subsec_nanos(&self) -> u32 {
            ((self.0 & (TICKS_PER_SECOND - 1)) * NANOSECONDS >> 32) as u32
        }

        /// Ticks of 2⁻³² seconds.
        pub fn as_ticks(&self) -> u64 {
            self.0
        }

        /// Ticks of 2⁻³² seconds.
        pub fn as_u64(&self) -> u64 {
            self.0
        }

        /// Seconds with fraction.
        pub fn as_f64(&self) -> f64 {
            self.0 as f64 / TICKS_PER_SECOND as f64
        }

        /// The absolute difference.
        pub fn abs_diff(&self, other: Duration) -> Duration {
            Duration(self.0.abs_diff(other.0))
        }
    }

    impl Add for Duration {
        type Output = Duration;
        fn add(self, other: Duration) -> Duration {
            Duration(self.0.wrapping_add(other.0))
        }
    }

    impl Sub for Duration {
        type Output = Duration;
        fn sub(self, other: Duration) -> Duration {
            Duration(self.0.wrapping_sub(other.0))
        }
    }

    impl AddAssign for Duration {
        fn add_assign(&mut self, other: Duration) {
            *self = *self + other;
        }
    }

    impl SubAssign for Duration {
        fn sub_assign(&mut self, other: Duration) {
            *self = *self - other;
        }
    }

    impl Mul<u32> for Duration {
        type Output = Duration;
        fn mul(self, by: u32) -> Duration {
            Duration(self.0.wrapping_mul(u64::from(by)))
        }
    }

    impl Div<u32> for Duration {
        type Output = Duration;
        fn div(self, by: u32) -> Duration {
            Duration(self.0 / u64::from(by))
        }
    }

    impl From<Duration> for std::time::Duration {
        fn from(duration: Duration) -> Self {
            std::time::Duration::new(duration.as_secs(), duration.subsec_nanos())
        }
    }

    impl From<std::time::Duration> for Duration {
        fn from(duration: std::time::Duration) -> Self {
            Duration::new(duration.as_secs(), duration.subsec_nanos())
        }
    }
}
