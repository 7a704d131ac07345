//! The global allocator: talc's, fed first with what the module's initial memory has left, so that a small
//! program never grows its memory, which keeps the cost of a fresh instance low.

use std::alloc::Layout;
use talc::base::{binning::Binning, Talc};
use talc::cell::TalcSyncCell;
use talc::source::Source;
use talc::wasm::WasmBinning;

const PAGE_BYTES: usize = 64 * 1024;
/// Room that every program has without growing: enough for a request and a response of usual size.
const ARENA_BYTES: usize = 64 * 1024;

static mut ARENA: [u8; ARENA_BYTES] = [0; ARENA_BYTES];

extern "C" {
    /// First byte behind stack and data, from the linker.
    static __heap_base: u8;
    /// First byte behind the initial memory, from the linker. Memory may have grown for the stack.
    static __heap_end: u8;
}

/// Where memory comes from, in this order.
#[derive(Debug)]
enum Supply {
    Arena,
    RestOfInitialMemory,
    Growth,
}

// SAFETY: each region is claimed once and belongs to nobody else: the arena is private, the rest of the
// initial memory lies behind everything the linker placed, and grown pages are new.
unsafe impl Source for Supply {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        match talc.source {
            Supply::Arena => {
                talc.source = Supply::RestOfInitialMemory;
                claim(talc, std::ptr::addr_of_mut!(ARENA).cast(), ARENA_BYTES);
                Ok(())
            }
            Supply::RestOfInitialMemory => {
                talc.source = Supply::Growth;
                let start = std::ptr::addr_of!(__heap_base) as usize;
                let end = std::ptr::addr_of!(__heap_end) as usize;
                claim(talc, start as *mut u8, end.saturating_sub(start));
                Ok(())
            }
            Supply::Growth => grow(talc, layout),
        }
    }
}

/// Grows by at least a quarter of what there is, so that a program that fills its memory asks seldom.
#[cold]
#[inline(never)]
fn grow<B: Binning>(talc: &mut Talc<Supply, B>, layout: Layout) -> Result<(), ()> {
    let needed = (layout.size() + layout.align() + PAGE_BYTES / 16).div_ceil(PAGE_BYTES);
    let wanted = needed.max(core::arch::wasm32::memory_size::<0>() / 4);
    for pages in [wanted, needed] {
        let before = core::arch::wasm32::memory_grow::<0>(pages);
        if before != usize::MAX {
            claim(talc, (before * PAGE_BYTES) as *mut u8, pages * PAGE_BYTES);
            return Ok(());
        }
    }
    Err(())
}

/// A region too small for talc to use is left alone. Not inlined: it is large, and runs once or twice.
#[inline(never)]
fn claim<B: Binning>(talc: &mut Talc<Supply, B>, start: *mut u8, bytes: usize) {
    // SAFETY: see the implementation of Source.
    let _ = unsafe { talc.claim(start, bytes) };
}

#[global_allocator]
static ALLOCATOR: TalcSyncCell<Supply, WasmBinning> = TalcSyncCell::new_wasm(Supply::Arena);
