//! The collection code by other ways than the camera, and what is shown in its place by mistake.

use crate::sticks::rubbish;
use crate::{TALL, in_window};
use domain::{DocumentKind, DocumentNumber};
use end_to_end::booth_rig::{BoothRig, PIN, UsbStick, order_of};
use end_to_end::driver::{PATIENCE, Window, assets};
use end_to_end::student::{self, Choices, Student, last};
use std::process::Command;
use std::time::Instant;

/// A code that nobody used; its payload is opaque to the booth.
const FRESH: &str = "CAMPUS-BOOTH-TEST:7f3a90c1d2:0123456789ABCDEF";

/// A booth that takes sticks, before whose camera nobody holds up a code.
fn rig() -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    let pictures = booth.data().join("pictures");
    std::fs::create_dir(&pictures).unwrap();
    std::fs::copy(face(), pictures.join("person.jpg")).unwrap();
    booth.set("kind = \"simulated\"", &format!("kind = \"folder\"\nfolder = {pictures:?}")).unwrap();
    booth.take_sticks().unwrap();
    booth
}

/// A picture without a code.
fn face() -> std::path::PathBuf {
    assets().join("sample/faces/p03__blue_cloth.jpg")
}

/// Types as a scanner does: a key each 2 ms, and Enter behind them. A driver's own keys come unevenly on a busy machine, as no
/// scanner's do.
async fn scan(window: &Window, text: &str) {
    scan_with_pause(window, text, 0).await;
}

/// As [`scan`], with a pause of so many milliseconds in the middle.
async fn scan_with_pause(window: &Window, text: &str, pause_ms: u32) {
    let script = "const [text, pause] = arguments; let now = performance.now(); \
        [...text, 'Enter'].forEach((key, nth) => { now += nth === Math.floor(text.length / 2) ? 2 + pause : 2; \
        const event = new KeyboardEvent('keydown', { key, bubbles: true }); \
        Object.defineProperty(event, 'timeStamp', { value: now }); document.body.dispatchEvent(event); });";
    window.client.execute(script, vec![text.into(), pause_ms.into()]).await.unwrap();
}

/// Waits until the refusal says this, in place of an earlier one.
async fn expect_refusal(window: &Window, words: &str) {
    let script = "return document.querySelector('[data-testid=code-refusal]')?.textContent ?? ''";
    let asked = Instant::now();
    loop {
        let said = window.client.execute(script, vec![]).await.unwrap();
        if said.as_str().is_some_and(|said| said.contains(words)) {
            break;
        }
        assert!(asked.elapsed() < PATIENCE, "{said} says {words}");
    }
    assert_eq!(window.step().await.unwrap(), "code");
}

async fn to_the_code(window: &Window, student: &Student) {
    student::walk_to(window, student, &Choices::degree(PIN), "code").await.unwrap();
}

/// Types the last four characters that stand beside the code.
async fn confirm(window: &Window, four: &str) {
    window.type_into("field-last-four", four).await.unwrap();
    window.click("confirm-code").await.unwrap();
}

async fn leave(window: &Window) {
    window.click("log-out").await.unwrap();
    window.expect_step("welcome").await.unwrap();
}

#[tokio::test]
async fn a_scanned_code_is_good_once_and_for_its_owner_only() {
    let booth = rig();
    let (first, second) = (Student::invented(100), Student::invented(101));
    in_window(&booth, TALL, async |window| {
        to_the_code(window, &first).await;
        scan(window, "https://chsi.example.cn/collect?code=0123456789").await;
        expect_refusal(window, "网页链接").await;
        scan(window, FRESH).await;
        confirm(window, last(&second.document_number, 4)).await;
        expect_refusal(window, "后四位").await;
        scan(window, &format!("{FRESH}A")).await;
        window.click("discard-code").await.unwrap();
        leave(window).await;
        to_the_code(window, &first).await;
        scan(window, FRESH).await;
        confirm(window, last(&first.document_number, 4)).await;
        window.expect_step("order").await.unwrap();
        window.click("place-order").await.unwrap();
        window.expect_step("pay").await.unwrap();
        assert_eq!(payload_of(&booth, &first), FRESH, "the code as it was scanned");
        leave(window).await;
        to_the_code(window, &second).await;
        scan(window, FRESH).await;
        expect_refusal(window, &day_of(&booth, &first)).await;
        assert!(!window.is_shown("field-last-four").await.unwrap(), "a used code is not taken");
    })
    .await;
    let reader = booth.reader().unwrap();
    assert!(order_of(&reader, &second.document_number, "degree").unwrap().is_none());
}

/// The payload that is kept with the student's order.
fn payload_of(booth: &BoothRig, student: &Student) -> String {
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    String::from_utf8(reader.collection_code(order).unwrap().unwrap().payload).unwrap()
}

/// The day in China on which the student ordered.
fn day_of(booth: &BoothRig, student: &Student) -> String {
    let reader = booth.reader().unwrap();
    let document = DocumentNumber::parse(DocumentKind::ResidentId, &student.document_number).unwrap();
    let open = reader.open_order_of(&document, "degree").unwrap().unwrap();
    let seconds = reader.order(open.id).unwrap().created.0 / 1000;
    let day =
        Command::new("date").env("TZ", "CST-8").args(["-d", &format!("@{seconds}"), "+%F"]).output().unwrap();
    String::from_utf8(day.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_scanned_code_has_no_picture_and_that_is_no_mistake() {
    let booth = rig();
    let student = Student::invented(105);
    in_window(&booth, TALL, async |window| {
        to_the_code(window, &student).await;
        scan(window, FRESH).await;
        window.type_into("field-last-four", last(&student.document_number, 4)).await.unwrap();
        assert!(!window.is_shown("photo-unloadable").await.unwrap(), "nobody is told to call staff");
        window.click("confirm-code").await.unwrap();
        window.expect_step("order").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_scan_that_was_broken_off_is_not_taken_for_a_code() {
    let booth = rig();
    let student = Student::invented(106);
    in_window(&booth, TALL, async |window| {
        to_the_code(window, &student).await;
        scan_with_pause(window, FRESH, 80).await;
        expect_refusal(window, "不完整").await;
        scan(window, FRESH).await;
        confirm(window, last(&student.document_number, 4)).await;
        window.expect_step("order").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn seven_kilobytes_from_a_scanner_or_a_stick_are_no_code() {
    let booth = rig();
    let student = Student::invented(102);
    in_window(&booth, TALL, async |window| {
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("a.jpg", &rubbish()).unwrap();
        to_the_code(window, &student).await;
        scan(window, &"A".repeat(7_000)).await;
        expect_refusal(window, "内容太多").await;
        window.click("stick-p0").await.unwrap();
        window.expect_error("invalid_picture").await.unwrap();
        window.click("dismiss-error").await.unwrap();
        drop(stick);
        window.expect_css("[data-testid=stick][data-state=none]").await.unwrap();
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("b.jpg", &std::fs::read(face()).unwrap()).unwrap();
        window.expect_css("[data-testid=stick][data-state=pictures]").await.unwrap();
        window.click("stick-p0").await.unwrap();
        expect_refusal(window, "没有找到").await;
        drop(stick);
    })
    .await;
    assert_eq!(booth.reader().unwrap().counts().unwrap().people, 0, "nothing was written");
}

#[tokio::test]
async fn a_picture_of_the_code_on_a_stick_is_read() {
    let picture = a_picture_of_a_code().await;
    let booth = rig();
    let (student, choices) = (Student::invented(104), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        to_the_code(window, &student).await;
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("code.png", &picture).unwrap();
        window.click("stick-p0").await.unwrap();
        window.expect_shown("code-picture").await.unwrap();
        drop(stick);
        student::walk_to(window, &student, &choices, "pay").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    let kept = reader.collection_code(order).unwrap().unwrap();
    assert!(kept.payload.starts_with(b"CAMPUS-BOOTH"), "the code's own payload");
    assert!(kept.picture.is_some(), "with its picture");
}

/// The picture of a code that was shown to another booth and never used, with white around it.
async fn a_picture_of_a_code() -> Vec<u8> {
    const BYTES: &str = "const shown = document.querySelector('[data-testid=code-picture]'); \
        const canvas = document.createElement('canvas'); const edge = 60; \
        canvas.width = 600; canvas.height = 600; const on = canvas.getContext('2d'); \
        on.fillStyle = 'white'; on.fillRect(0, 0, 600, 600); on.imageSmoothingEnabled = false; \
        on.drawImage(shown, edge, edge, 600 - 2 * edge, 600 - 2 * edge); \
        return [...on.getImageData(0, 0, 600, 600).data].filter((_, at) => at % 4 === 0).map((grey) => grey > 127 ? 1 : 0).join('');";
    const LOADED: &str = "document.querySelector('[data-testid=code-picture]').decode().then(arguments[0]);";
    let booth = BoothRig::new("auto").unwrap();
    let mut picture = vec![];
    in_window(&booth, TALL, async |window| {
        to_the_code(window, &Student::invented(103)).await;
        window.expect_shown("code-picture").await.unwrap();
        window.client.execute_async(LOADED, vec![]).await.unwrap();
        let drawn = window.client.execute(BYTES, vec![]).await.unwrap();
        let pixels: Vec<u8> =
            drawn.as_str().unwrap().bytes().map(|bit| if bit == b'1' { 255 } else { 0 }).collect();
        let grey = image::GrayImage::from_raw(600, 600, pixels).unwrap();
        grey.write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Png).unwrap();
    })
    .await;
    picture
}
