//! A booth that writes orders and tells central of them, until it is killed: `booth-writer FOLDER SEED ORDERS PAUSE_MS JPEG`.
//!
//! It may be killed at any moment and started again: it goes on where the ledger stands.

use end_to_end::courier::{self, Running};
use end_to_end::orders::{EVERY_PLAN, Script, Writer};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// After how many orders it looks whom it may forget.
const FORGET_EVERY: u64 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let mut arguments = std::env::args_os().skip(1);
    let mut next = move || arguments.next().ok_or("booth-writer FOLDER SEED ORDERS PAUSE_MS JPEG");
    let folder = PathBuf::from(next()?);
    let seed: u64 = next()?.to_string_lossy().parse()?;
    let orders: u64 = next()?.to_string_lossy().parse()?;
    let pause = Duration::from_millis(next()?.to_string_lossy().parse()?);
    let jpeg = std::fs::read(PathBuf::from(next()?))?;

    let ledger = courier::open(&folder)?;
    let running = Running::start(&ledger, courier::settings())?;
    let writer = Writer::new(Arc::clone(&ledger), Script::new(seed, EVERY_PLAN, jpeg));
    for number in 1..=orders {
        if writer.write(number)? {
            running.line.wake();
            std::thread::sleep(pause);
        }
        if number % FORGET_EVERY == 0 {
            writer.forget_who_asked()?;
        }
    }
    loop {
        std::thread::park();
    }
}
