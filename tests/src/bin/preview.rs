//! Measures the live preview in the real window: frames a second on the canvas, and the lag from the capture of a frame to its
//! drawing; plainly, and with the official background behind the person. `preview [SECONDS]`.

use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::driver::{Display, Window};
use end_to_end::student::{self, Choices, Student, Unseen};
use std::io;
use std::time::Duration;

const SIZE: (u32, u32) = (1080, 1920);

fn main() -> io::Result<()> {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(10);
    tokio::runtime::Runtime::new()?.block_on(run(Duration::from_secs(seconds)))
}

async fn run(time: Duration) -> io::Result<()> {
    let display = Display::start(SIZE.0, SIZE.1)?;
    let booth = BoothRig::new("auto")?;
    let window = Window::open(&display, booth.data(), SIZE).await?;
    let choices = Choices::degree(PIN);
    student::identify(&window, &Student::invented(1), &choices, &mut Unseen).await?;
    student::order(&window, &choices, &mut Unseen).await?;
    window.expect_step("briefing").await?;
    window.click("ready").await?;
    window.expect_step("framing").await?;
    window.expect_shown("preview").await?;
    measure(&window, time, "plain").await?;
    window.click("background-on").await?;
    window.expect_shown("background-off").await?;
    measure(&window, time, "with the official background").await?;
    window.close().await;
    Ok(())
}

async fn measure(window: &Window, time: Duration, how: &str) -> io::Result<()> {
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
    Ok(())
}

async fn frames(window: &Window) -> io::Result<f64> {
    let drawn = window.client.execute("return window.__preview?.frames ?? 0", vec![]).await;
    drawn
        .map_err(io::Error::other)?
        .as_f64()
        .ok_or_else(|| io::Error::other("the page doesn't count its frames"))
}
