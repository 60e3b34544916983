//! The kiosk's real window, a real IPP printer, the real ledger: a student clicks their way through and everything is looked up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod account;
mod approvals;
mod coaching;
mod codes;
mod forgets;
mod identity;
mod impatience;
mod languages;
mod lockdown;
mod mailed;
mod mistakes;
mod names;
mod online;
mod prints;
mod reshoots;
mod sticks;
mod strangers;
mod times;
mod way;

use end_to_end::booth_rig::BoothRig;
use end_to_end::driver::{Display, Window};

/// The kiosk's two usual screens.
const TALL: (u32, u32) = (1080, 1920);
const WIDE: (u32, u32) = (1920, 1080);

/// Opens a kiosk, lets `visit` do its work, and shows the kiosk's log if that fails.
async fn in_window(booth: &BoothRig, size: (u32, u32), visit: impl AsyncFnOnce(&Window)) {
    let display = Display::start(size.0, size.1).unwrap();
    let window = Window::open_with(&display, booth.data(), size, &booth.variables()).await.unwrap();
    let shown = LogOnPanic(booth);
    visit(&window).await;
    drop(shown);
    window.close().await;
}

struct LogOnPanic<'a>(&'a BoothRig);

impl Drop for LogOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the kiosk's log:\n{}", self.0.log().unwrap_or_default());
        }
    }
}
