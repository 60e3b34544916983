//! Times a degree way in the real window, of somebody new with their card on the reader: what each touch takes to show something,
//! what the shot takes to stand on the review, and the whole. `touches [TIMES]`.

use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::card_reader::{CardReaderRig, RigCard, RigKind, with_check};
use end_to_end::driver::{Display, Window};
use end_to_end::student::{self, Choices, Student, Unseen};
use std::io;
use std::time::{Duration, Instant};

const SIZE: (u32, u32) = (1080, 1920);

/// Notes each click with the time until the page was drawn after its next change, and when the screens come. A shot is there once
/// its picture is.
const WATCH: &str = "
    const step = () => document.querySelector('[data-testid=screen]')?.dataset.step ?? '';
    const seen = (window.__touches = { taps: [], shots: [] });
    let tap = null, shown = step(), shutter = 0;
    addEventListener('click', (event) => {
        const id = event.target.closest('[data-testid]')?.dataset.testid ?? '';
        tap = { id, step: step(), at: performance.now() };
    }, true);
    const photo = () => document.querySelector('[data-step=review] img')?.naturalWidth > 0;
    const wait = () => {
        if (photo()) { seen.shots.push(performance.now() - shutter); shutter = 0; }
        else requestAnimationFrame(wait);
    };
    new MutationObserver(() => {
        const now = step();
        if (now !== shown && shown === 'countdown') shutter = performance.now();
        if (now !== shown && now === 'review' && shutter > 0) wait();
        shown = now;
        if (!tap) return;
        const answered = tap;
        tap = null;
        requestAnimationFrame(() => setTimeout(() => {
            seen.taps.push({ id: answered.id, step: answered.step, ms: performance.now() - answered.at });
        }));
    }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });";

fn main() -> io::Result<()> {
    let times = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(3);
    tokio::runtime::Runtime::new()?.block_on(run(times))
}

#[derive(Default)]
struct Figures {
    taps: Vec<(f64, String)>,
    shots: Vec<f64>,
    ways: Vec<Duration>,
}

async fn run(times: u32) -> io::Result<()> {
    let display = Display::start(SIZE.0, SIZE.1)?;
    let (booth, reader) = (BoothRig::new("auto")?, CardReaderRig::start()?);
    booth.add(&format!("[reader]\nport = {:?}\n", reader.path()))?;
    // As delivered: the rig's countdown of a second is for tests.
    booth.set("countdown_s = 1", "countdown_s = 3")?;
    let window = Window::open(&display, booth.data(), SIZE).await?;
    window.expect_step("welcome").await?;
    window.client.execute(WATCH, vec![]).await.map_err(io::Error::other)?;
    let mut figures = Figures::default();
    for n in 0..times {
        figures.ways.push(walk(&window, &reader, n).await?);
    }
    let seen = window.client.execute("return window.__touches", vec![]).await.map_err(io::Error::other)?;
    window.close().await;
    let list = |name: &str| seen[name].as_array().cloned().unwrap_or_default();
    figures.shots = list("shots").iter().filter_map(serde_json::Value::as_f64).collect();
    for tap in list("taps") {
        let text = |name: &str| tap[name].as_str().unwrap_or_default().to_owned();
        figures.taps.extend(tap["ms"].as_f64().map(|ms| (ms, format!("{}/{}", text("step"), text("id")))));
    }
    tell(figures);
    Ok(())
}

/// One student, from the first touch to the thanks; what it took.
async fn walk(window: &Window, reader: &CardReaderRig, n: u32) -> io::Result<Duration> {
    let choices = Choices::degree(PIN);
    let number = with_check(&format!("11010520030412{:02}7", n % 100));
    let card = RigCard { number, ..RigCard::invented(RigKind::Resident) };
    let student = Student {
        name: card.name.clone(),
        document_number: card.number.clone(),
        ..Student::invented(900 + n)
    };
    window.expect_step("welcome").await?;
    let began = Instant::now();
    student::to_identify(window, &choices, &mut Unseen).await?;
    reader.lay(&card);
    window.expect_step("register").await?;
    window.type_into("field-phone", &student.phone).await?;
    window.click("register").await?;
    student::agree_and_confirm(window, &student, &choices, &mut Unseen).await?;
    reader.lift();
    student::walk_to(window, &student, &choices, "done").await?;
    let took = began.elapsed();
    window.click("finish").await?;
    Ok(took)
}

fn tell(mut figures: Figures) {
    figures.taps.sort_by(|a, b| b.0.total_cmp(&a.0));
    figures.shots.sort_by(f64::total_cmp);
    let ways: Vec<String> = figures.ways.iter().map(|way| format!("{:.1} s", way.as_secs_f64())).collect();
    println!(
        "degree way of somebody new with a card, welcome to thanks, a scripted student: {}",
        ways.join(", ")
    );
    let middle = figures.taps.get(figures.taps.len() / 2).map_or(f64::NAN, |tap| tap.0);
    println!(
        "{} touches, each to the first frame that answers it: median {middle:.0} ms; the slowest:",
        figures.taps.len()
    );
    for (ms, what) in figures.taps.iter().take(8) {
        println!("  {ms:6.0} ms  {what}");
    }
    let shots: Vec<String> = figures.shots.iter().map(|ms| format!("{ms:.0} ms")).collect();
    println!("shutter to the photo on the review: {}", shots.join(", "));
}
