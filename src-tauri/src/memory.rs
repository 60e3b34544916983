//! Wipes what is freed, so that nothing of a student stays in this program's memory after they have gone.
//!
//! A freed block keeps its bytes until somebody else gets it, which may be never. So the C library's `free` and `realloc` are
//! replaced for the whole program, and every block is overwritten before it goes back: Rust's, SQLite's, GTK's and the inference
//! engine's alike, because all of them ask the one allocator; WebKit's libraries do once they are told ([`wipe_webkits_too`]). Left
//! out on purpose: memory that is still in use (whoever uses it must let go of it, which the booth does at each log-out), and the
//! page's own process, which is ended instead ([`crate::window::forget`]).

use libc::{c_void, malloc, malloc_usable_size, size_t};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Where this is `1` as they are loaded, WebKit's libraries take their memory from the C library instead of from the system.
const WEBKITS_CHOICE: &str = "Malloc";

/// Lets WebKit's part of this program take its memory where it is wiped: messages from the page hold what was typed. Libraries are
/// loaded before `main`, so the program starts itself again, as the same process. The page's process must not inherit the choice:
/// its scripts are faster without, and its memory ends with it.
///
/// # Errors
/// The program can't be started again; it may go on as it is.
pub fn wipe_webkits_too() -> std::io::Result<()> {
    if std::env::var_os(WEBKITS_CHOICE).is_some_and(|choice| choice == "1") {
        // SAFETY: this is called before any other thread is started.
        #[expect(unsafe_code, reason = "remove_var is unsafe only beside other threads, and none runs yet")]
        unsafe {
            std::env::remove_var(WEBKITS_CHOICE);
        }
        return Ok(());
    }
    let mut again = Command::new(std::env::current_exe()?);
    Err(again.args(std::env::args_os().skip(1)).env(WEBKITS_CHOICE, "1").exec())
}

unsafe extern "C" {
    /// The C library's own `free`, under its second name.
    fn __libc_free(block: *mut c_void);
}

/// Overwrites the block, then frees it.
///
/// # Safety
/// As the C library's: null, or a block of its own that is used no more.
#[expect(unsafe_code, reason = "an allocator's function can be replaced only under its own name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: the caller gives up a block of the C library's; all of its usable bytes may be written until it is freed.
    unsafe {
        block.write_bytes(0, malloc_usable_size(block));
        __libc_free(block);
    }
}

/// Another size for a block: the same block where it is large enough and not far too large, or a new one, the old one wiped.
///
/// # Safety
/// As the C library's: null, or a block of its own that is used no more if another one comes back.
#[expect(unsafe_code, reason = "an allocator's function can be replaced only under its own name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realloc(block: *mut c_void, size: size_t) -> *mut c_void {
    // SAFETY: the caller's promises are those that the functions called here ask for; a new block has `size` bytes and is nobody
    // else's, so it can't overlap the old one.
    unsafe {
        if block.is_null() {
            return malloc(size);
        }
        let held = malloc_usable_size(block);
        if size == 0 {
            free(block);
            return std::ptr::null_mut();
        }
        if size <= held && size >= held / 2 {
            return block;
        }
        let other = malloc(size);
        if !other.is_null() {
            other.copy_from_nonoverlapping(block, held.min(size));
            free(block);
        }
        other
    }
}
