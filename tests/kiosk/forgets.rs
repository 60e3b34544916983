//! What is left of a student once they have logged out: nothing in memory, in files that are open, or in any folder but the printer's.
//!
//! The ledger keeps the order, encrypted: its files are searched too. The first scan, while the student is there, proves that a scan
//! finds what there is.

use crate::{LogOnPanic, TALL};
use end_to_end::booth_rig::{BoothRig, order_of};
use end_to_end::driver::{Display, PATIENCE, Window};
use end_to_end::memory::{self, Found, Marks};
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student, Unseen, Witness};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The student leaves the camera before they log out, as people do: it would still see them. The cloth behind them is another then,
/// because the same cloth would make the same bytes. A step's pictures are kept until the next but one is shown.
const SCRIPT: &str = "[[step]]\nname = \"student\"\nseconds = 20\npeople = [{ who = \"student\" }]\n\
    [[step]]\nname = \"gone\"\nseconds = 1\nbackdrop = \"grey\"\n\
    [[step]]\nname = \"gone for good\"\nseconds = 1\nbackdrop = \"white\"\n";

/// A scan of a kiosk takes seconds, and the script half a minute.
const LONG: Duration = Duration::from_secs(120);

fn rig() -> (BoothRig, Vec<(&'static str, PathBuf)>) {
    let booth = BoothRig::new("auto").unwrap();
    let script = booth.data().join("script.toml");
    std::fs::write(&script, SCRIPT).unwrap();
    booth.set("auto_shutter = false", &format!("auto_shutter = false\nscript = {script:?}")).unwrap();
    let cache = PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/campus-booth");
    let own = |folder: &str| booth.data().join("home").join(folder);
    let variables = vec![
        ("CAMPUS_BOOTH_KEEP_PAGE", "0".into()),
        ("CAMPUS_BOOTH_MODELS", cache.join("models")),
        ("CAMPUS_BOOTH_FONT", cache.join("fonts/NotoSansSC-Regular.ttf")),
        ("XDG_CACHE_HOME", own("cache")),
        ("XDG_CONFIG_HOME", own("config")),
        ("XDG_DATA_HOME", own("data")),
    ];
    (booth, variables)
}

fn marks_of(student: &Student) -> Marks {
    let mut marks = Marks::default();
    marks.add_text("name", &student.name);
    marks.add_text("document", &student.document_number);
    marks.add_text("phone", &student.phone);
    marks.add_text("student number", &student.student_number);
    marks
}

/// Each photo of the student's burst and the shot it was made from: the files, and pixels as this program and as the page hold them.
fn add_photos(marks: &mut Marks, booth: &BoothRig, student: &Student) {
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "freshman").unwrap().unwrap();
    for photo in reader.photos_of(order).unwrap() {
        let official = reader.official_photo(photo.id).unwrap().unwrap();
        let shot = reader.original_photo(photo.id).unwrap().unwrap();
        for (what, jpeg) in [("photo", &official), ("shot", &shot)] {
            marks.add_picture(&format!("{what} JPEG"), jpeg);
            let pixels = image::load_from_memory(jpeg).unwrap();
            marks.add_picture(&format!("{what} RGB"), pixels.to_rgb8().as_raw());
            let mut bgra = pixels.to_rgba8().into_raw();
            bgra.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
            marks.add_picture(&format!("{what} BGRA"), &bgra);
        }
    }
}

/// Scans while the student's details stand in the page's fields, and once the booth knows them.
struct Scan<'a> {
    kiosk: i32,
    marks: &'a Marks,
}

impl Witness for Scan<'_> {
    async fn see(&mut self, step: &str, _window: &Window) -> io::Result<()> {
        let (place, marks): (_, &[_]) = match step {
            "identify" => ("WebKitWebProces memory", &["document"]),
            "register" => ("WebKitWebProces memory", &["name", "phone"]),
            "details" => ("WebKitWebProces memory", &["student number"]),
            "order" => ("campus-booth memory", &["name", "document", "phone", "student number"]),
            _ => return Ok(()),
        };
        expect_found(&memory::scan_family(self.kiosk, self.marks)?, place, marks);
        Ok(())
    }
}

fn expect_found(found: &Found, place: &str, marks: &[&str]) {
    for mark in marks {
        assert!(found.has(place, mark), "the scan finds the {mark} in {place}:\n{found:?}");
    }
}

async fn to_the_review(window: &Window, student: &Student, scan: &mut Scan<'_>) {
    let choices = Choices::freshman();
    student::identify(window, student, &choices, scan).await.unwrap();
    student::order(window, &choices, scan).await.unwrap();
    window.expect_step("briefing").await.unwrap();
    window.click("ready").await.unwrap();
    window.expect_shown("preview").await.unwrap();
    window.click("shoot").await.unwrap();
    window.expect_step("review").await.unwrap();
    window.expect_shown("review-photo").await.unwrap();
    window.expect_css("[data-testid=choices][data-making=false]").await.unwrap();
}

/// Takes the photo and logs out. The session of the driver ends with the page's process, so the last press is left to the page.
async fn to_the_end(window: &Window) {
    window.click("accept").await.unwrap();
    window.expect_step("done").await.unwrap();
    window.expect_shown("finish").await.unwrap();
    let press = "setTimeout(() => document.querySelector('[data-testid=finish]').click(), 100)";
    window.client.execute(press, vec![]).await.unwrap();
}

/// Scans until nothing is found.
fn expect_nothing(kiosk: i32, marks: &Marks) {
    let asked = Instant::now();
    loop {
        let found = memory::scan_family(kiosk, marks).unwrap();
        if found.is_empty() {
            return;
        }
        assert!(asked.elapsed() < LONG, "a student who has gone is still in memory:\n{found:?}");
    }
}

#[tokio::test]
async fn after_the_log_out_nothing_of_the_student_is_left() {
    let (booth, variables) = rig();
    let student = Student::unmistakable();
    let mut marks = marks_of(&student);
    let display = Display::start(TALL.0, TALL.1).unwrap();
    let window = Window::open_with(&display, booth.data(), TALL, &variables).await.unwrap();
    let shown = LogOnPanic(&booth);
    let kiosk = window.kiosk().unwrap();
    to_the_review(&window, &student, &mut Scan { kiosk, marks: &marks }).await;
    add_photos(&mut marks, &booth, &student);
    let found = memory::scan_family(kiosk, &marks).unwrap();
    expect_found(&found, "campus-booth memory", &["shot JPEG"]);
    expect_found(&found, "WebKitWebProces memory", &["photo JPEG", "photo BGRA"]);
    let before = memory::family(kiosk).unwrap();
    to_the_end(&window).await;
    let renewed = || booth.log().unwrap().contains("the page was loaded in a new process").then_some(());
    wait_for("the page's new process", PATIENCE, renewed).unwrap();
    assert_ne!(memory::family(kiosk).unwrap(), before, "the page's process is another");
    expect_nothing(kiosk, &marks);
    let paper = booth.data().join("prints");
    let files = memory::scan_folder(booth.data(), &[paper], &marks).unwrap();
    assert!(files.is_empty(), "a student who has gone is in files:\n{files:?}");
    the_next_student_is_served(&window).await;
    drop(shown);
    window.kill_kiosk().unwrap();
}

/// The new page works like the first.
async fn the_next_student_is_served(window: &Window) {
    let again = window.attach().await.unwrap();
    student::identify(&again, &Student::invented(31), &Choices::freshman(), &mut Unseen).await.unwrap();
    again.expect_step("order").await.unwrap();
}
