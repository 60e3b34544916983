//! The camera against the kernel's own UVC driver, in a virtual machine (`tests/rigs/camera`).
//!
//! `BOOTH_CAMERA_RIG=1 cargo test -p end-to-end --test camera` boots the machine, runs this program inside it as root
//! with `BOOTH_CAMERA_RIG=inside`, and ends with its status. Without the variable it says so and tests nothing: the
//! machine costs minutes. There is no test harness, because the program has other roles too: it is the capture process
//! of the cameras that it opens, and the process whose death a capture process must not survive.
//!
//! The machine is emulated and slow: content and recovery are asserted here, speed is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod bad_frames;
mod capture_process;
mod connection;
mod content;
mod hold;
mod host;
mod pictures;
mod rig;
mod settings;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rig::Rig;

/// Of a pause this long a case may fail: the shortest time that one of them leaves between a pause on purpose and the limit.
const PAUSE_MS: u64 = 200;

/// A case's name and what it does.
type Case = (&'static str, fn(&Rig));

const CASES: &[Case] = &[
    ("the_camera_is_listed_with_its_modes", content::the_camera_is_listed_with_its_modes),
    ("a_hundred_frames_of_the_right_content", content::a_hundred_frames_of_the_right_content),
    ("frames_without_tables_are_completed", content::frames_without_tables_are_completed),
    ("yuyv_has_the_right_content", content::yuyv_has_the_right_content),
    ("a_mode_that_is_not_offered_falls_back", content::a_mode_that_is_not_offered_falls_back),
    ("controls_are_read_and_set", settings::controls_are_read_and_set),
    ("a_hold_survives_replugging", hold::a_hold_survives_replugging),
    ("a_calibration_is_put_in_place", hold::a_calibration_is_put_in_place_at_every_opening),
    ("a_stubborn_camera_keeps_its_exposure", hold::a_camera_that_keeps_its_exposure_to_itself),
    ("frames_from_before_a_fault_are_no_burst", hold::frames_from_before_a_fault_are_no_burst),
    ("a_fractional_rate_is_cured", settings::a_fractional_rate_is_cured),
    ("unplugged_and_back_under_another_number", connection::unplugged_and_back_under_another_number),
    ("a_stall_is_noticed_and_ends", connection::a_stall_is_noticed_and_ends),
    ("a_long_stall_ends_too", connection::a_long_stall_ends_too),
    ("a_busy_camera_is_used_when_it_is_free", connection::a_busy_camera_is_used_when_it_is_free),
    ("corrupt_frames_are_withheld", bad_frames::corrupt_frames_are_withheld),
    ("half_frames_are_withheld", bad_frames::half_frames_are_withheld),
    (
        "an_older_frames_rest_completes_no_half_frame",
        bad_frames::an_older_frames_rest_completes_no_half_frame,
    ),
    ("zero_frames_are_withheld", bad_frames::zero_frames_are_withheld),
    ("junk_frames_are_withheld", bad_frames::junk_frames_are_withheld),
    ("empty_frames_are_a_stall", bad_frames::empty_frames_are_a_stall),
    ("a_killed_capture_process_is_replaced", capture_process::a_killed_one_is_replaced),
    ("a_hanging_capture_process_is_replaced", capture_process::a_hanging_one_is_replaced),
    ("frames_that_waited_are_discarded", capture_process::frames_that_waited_are_discarded),
    ("a_capture_process_dies_with_its_parent", capture_process::dies_with_its_parent),
];

fn main() -> ExitCode {
    if let Some(code) = camera::worker::intercept() {
        return code;
    }
    if std::env::args().nth(1).as_deref() == Some(capture_process::PARENT_ROLE) {
        return capture_process::be_the_parent();
    }
    match std::env::var("BOOTH_CAMERA_RIG").as_deref() {
        Err(_) => {
            println!("camera rig: not selected (set BOOTH_CAMERA_RIG=1)\n0 passed, 0 failed");
            ExitCode::SUCCESS
        }
        Ok("inside") => run_cases(),
        Ok(_) => host::boot(),
    }
}

/// The longest time in ms, since it was last read, that the machine stood still, or this program in it.
fn watch_for_pauses() -> Arc<AtomicU64> {
    let longest = Arc::new(AtomicU64::new(0));
    let noted = Arc::clone(&longest);
    std::thread::spawn(move || {
        loop {
            let slept = Instant::now();
            std::thread::sleep(Duration::from_millis(10));
            let over = slept.elapsed().saturating_sub(Duration::from_millis(10));
            noted.fetch_max(u64::try_from(over.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
        }
    });
    longest
}

/// Runs the cases one after the other, those only whose name holds the first argument if one is given.
fn run_cases() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let rig = Rig::start();
    let pauses = watch_for_pauses();
    let (mut passed, mut failed) = (0, 0);
    for (name, case) in CASES.iter().filter(|(name, _)| name.contains(&wanted)) {
        let start = Instant::now();
        let mut outcome = catch_unwind(AssertUnwindSafe(|| case(&rig)));
        // A second without frames is a fault of the camera, and a machine that stands still for one has none: what failed then is
        // tried again.
        for _ in 0..2 {
            let paused = pauses.swap(0, Ordering::SeqCst);
            if outcome.is_ok() || paused < PAUSE_MS {
                break;
            }
            println!("case {name}: the machine stood still for {paused} ms; once more");
            rig.restore();
            pauses.store(0, Ordering::SeqCst);
            outcome = catch_unwind(AssertUnwindSafe(|| case(&rig)));
        }
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("case {name} ... {word} ({:.1} s)", start.elapsed().as_secs_f32());
        *if outcome.is_ok() { &mut passed } else { &mut failed } += 1;
        rig.restore();
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
