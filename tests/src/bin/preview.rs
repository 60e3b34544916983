//! Measures the live preview in the real window: frames a second on the canvas, and the lag from the capture of a frame to its
//! drawing; plainly, and with the official background behind the person. `preview [SECONDS]`.
//!
//! `preview SECONDS ORDERS` measures what it loses while the booth tells central so many orders with their photos, which had waited:
//! before central is there, and while the outbox drains. Central and PostgreSQL run on the same machine, which a booth's don't.

use end_to_end::booth_rig::{BoothRig, PIN, ledger_path, read_ledger};
use end_to_end::central::Central;
use end_to_end::courier;
use end_to_end::driver::{Display, Window};
use end_to_end::orders::{Plan, Script, Writer};
use end_to_end::postgres::Postgres;
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student, Unseen};
use ledger::{Ledger, Opening};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const SIZE: (u32, u32) = (1080, 1920);
/// The booth tries again a minute after it last found nobody.
const PATIENCE: Duration = Duration::from_secs(120);
const JPEG: &[u8] = include_bytes!("../../../crates/central/tests/central/photo.jpg");
/// What a camera gives.
const FRAME: &[u8] = include_bytes!("../../../assets/sample/faces/p03__blue_cloth.jpg");

fn main() -> io::Result<()> {
    let mut given = std::env::args().skip(1).map(|text| text.parse().map_err(io::Error::other));
    let seconds = Duration::from_secs(given.next().transpose()?.unwrap_or(10));
    let runtime = tokio::runtime::Runtime::new()?;
    match given.next().transpose()? {
        None => runtime.block_on(run(seconds)),
        Some(orders) => {
            let folder = tempfile::tempdir()?;
            let cluster = Postgres::own("preview");
            let mut central = Central::start(&folder.path().join("central"), &cluster, 1, None, None);
            let booth = BoothRig::new("auto")?;
            fill(booth.data(), &central, orders)?;
            runtime.block_on(beside_a_drain(seconds, &mut central, &booth))
        }
    }
}

async fn run(time: Duration) -> io::Result<()> {
    let display = Display::start(SIZE.0, SIZE.1)?;
    let booth = BoothRig::new("auto")?;
    let window = framing(&display, &booth).await?;
    measure(&window, time, "plain").await?;
    window.click("background-on").await?;
    window.expect_shown("background-off").await?;
    measure(&window, time, "with the official background").await?;
    window.close().await;
    Ok(())
}

async fn beside_a_drain(time: Duration, central: &mut Central, booth: &BoothRig) -> io::Result<()> {
    let display = Display::start(SIZE.0, SIZE.1)?;
    central.kill(0);
    let window = framing(&display, booth).await?;
    let before = measure(&window, time, "central is away").await?;
    let waiting = || -> io::Result<u64> {
        Ok(read_ledger(booth.data())?.outbox_backlog().map_err(io::Error::other)?.pending)
    };
    let all = waiting()?;
    central.run(0);
    wait_for("the booth to tell central", PATIENCE, || waiting().is_ok_and(|left| left < all).then_some(()))?;
    let begun = waiting()?;
    let meanwhile = measure(&window, time, "while the outbox drains").await?;
    let left = waiting()?;
    window.close().await;
    if left == 0 {
        return Err(io::Error::other(
            "the outbox was empty before the measurement ended: more orders are needed",
        ));
    }
    println!(
        "{} of {all} events told meanwhile; {:.1} frames a second fewer",
        begun - left,
        before - meanwhile
    );
    Ok(())
}

/// Enrols the booth and writes orders into its ledger, as the kiosk would in a long time without a network.
fn fill(data: &Path, central: &Central, orders: u64) -> io::Result<()> {
    use booth::Clock as _;
    let key = booth::ledger_key(data).map_err(io::Error::other)?;
    let booth = domain::BoothNumber::new(1).ok_or_else(|| io::Error::other("a booth's number"))?;
    let opening = Opening { path: ledger_path(data), key, booth, largest_bytes: None };
    let ledger = Ledger::open(&opening, booth::SystemClock::default().now()).map_err(io::Error::other)?;
    let ledger = Arc::new(ledger);
    courier::enrol_as(booth, &ledger, &central.invite("preview")).map_err(io::Error::other)?;
    let writer = Writer::new(ledger, Script::new(orders, &[Plan::Counter], JPEG.to_vec()).shot_as(FRAME));
    (1..=orders).try_for_each(|number| writer.write(number).map(drop).map_err(io::Error::other))
}

/// The kiosk with a student before the camera.
async fn framing(display: &Display, booth: &BoothRig) -> io::Result<Window> {
    let window = Window::open(display, booth.data(), SIZE).await?;
    let choices = Choices::degree(PIN);
    student::identify(&window, &Student::invented(1), &choices, &mut Unseen).await?;
    student::order(&window, &choices, &mut Unseen).await?;
    window.expect_step("briefing").await?;
    window.click("ready").await?;
    window.expect_step("framing").await?;
    window.expect_shown("preview").await?;
    Ok(window)
}

/// Prints what was seen in so much time, and answers the frames a second.
async fn measure(window: &Window, time: Duration, how: &str) -> io::Result<f64> {
    let before = frames(window).await?;
    tokio::time::sleep(time).await;
    let after = frames(window).await?;
    let figures = window.client.execute("return window.__preview", vec![]).await.map_err(io::Error::other)?;
    let figure = |name: &str| figures[name].as_f64().unwrap_or(f64::NAN);
    let fps = (after - before) / time.as_secs_f64();
    println!("preview 1280x720 in the real window, {how}, over {} s:", time.as_secs());
    println!("  {fps:.1} frames a second on the canvas (the simulated camera sends 30)");
    println!(
        "  lag from capture to canvas: p50 {:.0} ms, p95 {:.0} ms",
        figure("lag_p50_ms"),
        figure("lag_p95_ms")
    );
    Ok(fps)
}

async fn frames(window: &Window) -> io::Result<f64> {
    let drawn = window.client.execute("return window.__preview?.frames ?? 0", vec![]).await;
    drawn
        .map_err(io::Error::other)?
        .as_f64()
        .ok_or_else(|| io::Error::other("the page doesn't count its frames"))
}
