//! Cryptographically strong random numbers from the platform.

use crate::hostcalls;

/// A generator that asks the platform for each number; it has no state of its own.
///
/// ```no_run
/// # #[cfg(feature = "current")] {
/// use http_guest::rand::guest_rng;
/// let number = guest_rng().next_u64();
/// # let _ = number;
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct GuestRng {
    _private: (),
}

/// The platform's generator.
pub fn guest_rng() -> GuestRng {
    GuestRng::default()
}

impl GuestRng {
    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        hostcalls::rng_next_u64()
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        hostcalls::rng_next_u64() as u32
    }

    /// Fills the slice with random bytes.
    pub fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

/// Entropy for crates that use `getrandom` 0.2 with its feature `custom`. A function that the program
/// registers itself wins where the platform builds it.
#[cfg(target_arch = "wasm32")]
#[cfg_attr(http_guest_on_platform, linkage = "weak")]
#[no_mangle]
unsafe extern "Rust" fn __getrandom_custom(bytes: *mut u8, len: usize) -> u32 {
    std::ptr::write_bytes(bytes, 0, len);
    GuestRng::default().fill_bytes(std::slice::from_raw_parts_mut(bytes, len));
    0
}

#[cfg(feature = "current")]
mod current {
    use super::GuestRng;
    use rand_core_010::{TryCryptoRng, TryRng};
    use std::convert::Infallible;

    impl TryRng for GuestRng {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(self.next_u32())
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(self.next_u64())
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            self.fill_bytes(bytes);
            Ok(())
        }
    }

    impl TryCryptoRng for GuestRng {}

    /// Entropy for crates that use `getrandom`: in force where the build says
    /// `--cfg getrandom_backend="custom"`.
    #[cfg(all(target_arch = "wasm32", getrandom_backend = "custom"))]
    #[no_mangle]
    unsafe extern "Rust" fn __getrandom_v03_custom(
        bytes: *mut u8,
        len: usize,
    ) -> Result<(), getrandom::Error> {
        std::ptr::write_bytes(bytes, 0, len);
        GuestRng::default().fill_bytes(std::slice::from_raw_parts_mut(bytes, len));
        Ok(())
    }
}

#[cfg(all(feature = "set-2019", not(feature = "current")))]
mod of_2019 {
    use super::GuestRng;
    use rand_core_03::{CryptoRng, Error, RngCore};

    impl RngCore for GuestRng {
        fn next_u32(&mut self) -> u32 {
            GuestRng::next_u32(self)
        }

        fn next_u64(&mut self) -> u64 {
            GuestRng::next_u64(self)
        }

        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            GuestRng::fill_bytes(self, bytes)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
            GuestRng::fill_bytes(self, bytes);
            Ok(())
        }
    }

    impl CryptoRng for GuestRng {}
}
