//! Child processes that end with the test, and waiting for a thing.

use std::io;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// A child process that is killed and reaped when dropped.
#[derive(Debug)]
pub struct Owned(Child);

impl Owned {
    /// Starts `command`.
    ///
    /// # Errors
    /// Those of starting a program.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.spawn().map(Self)
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// The child itself.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to kill, and only the reaping is left.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Asks `found` every 20 ms until it answers, for `limit` at most.
///
/// # Errors
/// [`io::ErrorKind::TimedOut`], naming `what`.
pub fn wait_for<T>(what: &str, limit: Duration, mut found: impl FnMut() -> Option<T>) -> io::Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(thing) = found() {
            return Ok(thing);
        }
        if Instant::now() > deadline {
            return Err(io::Error::new(io::ErrorKind::TimedOut, format!("waited {limit:?} for {what}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
