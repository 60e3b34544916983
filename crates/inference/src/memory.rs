//! Keeping freed memory in the process.
//!
//! A photo's stages take and free blocks of ten megabytes by the dozen. The C library hands each back to the kernel and
//! takes it again page by page: of 270 ms of a matte's CPU time 85 went there. A booth takes the next photo soon, and
//! its peak is no higher for it.

/// Blocks up to this size come from the heap, whose free end is kept up to this size: more than a photo ever holds.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEEP_BYTES: libc::c_int = 512 << 20;

/// Tells the C library's allocator to keep what is freed. Where there is another C library this does nothing.
pub(crate) fn keep() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two numbers, may be called at any time, and answers 0 for an option that it does not
    // know, which changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEEP_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEEP_BYTES);
        // One heap for all threads: those of other threads are given back whole.
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}
