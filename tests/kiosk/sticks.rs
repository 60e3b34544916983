//! A picture from a USB stick in place of a shot.

use crate::{TALL, in_window};
use domain::{order, photo};
use end_to_end::booth_rig::{BoothRig, PIN, UsbStick, order_of};
use end_to_end::driver::{Window, assets};
use end_to_end::student::{self, Choices, Student};
use fantoccini::Locator;

/// What is no picture, whatever its name says: 7 KB of bytes in disorder.
pub fn rubbish() -> Vec<u8> {
    (0..7_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// A booth that looks for sticks in a folder of its own.
fn rig() -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    booth.take_sticks().unwrap();
    booth
}

async fn to_the_stick(window: &Window, student: &Student) {
    student::walk_to(window, student, &Choices::one_inch(PIN), "briefing").await.unwrap();
    window.click("use-stick").await.unwrap();
    window.expect_step("import").await.unwrap();
}

/// Chooses the picture whose name begins so, and says what follows: the next screen, or the refusal.
async fn choose(window: &Window, name: &str) -> String {
    let script = "return [...document.querySelectorAll('[data-testid^=picture-]')] \
        .find((picture) => picture.textContent.includes(arguments[0]))?.dataset.testid";
    let id = window.client.execute(script, vec![name.into()]).await.unwrap();
    window.click(id.as_str().unwrap_or_else(|| panic!("{name} is among the pictures"))).await.unwrap();
    window.click("use-picture").await.unwrap();
    window.leave_or_refused("import").await.unwrap()
}

#[tokio::test]
async fn a_picture_of_a_stick_is_checked_shown_and_taken() {
    let booth = rig();
    let (student, choices) = (Student::invented(90), Choices::one_inch(PIN));
    let good = std::fs::read(assets().join("sample/faces/p03__blue_cloth.jpg")).unwrap();
    in_window(&booth, TALL, async |window| {
        to_the_stick(window, &student).await;
        window.expect_shown("stick-none").await.unwrap();
        let stick = UsbStick::plug(&booth).unwrap();
        window.expect_shown("stick-empty").await.unwrap();
        stick.put("IMG_0001.jpg", &good).unwrap();
        window.expect_css("[data-testid=pictures][data-count=\"1\"]").await.unwrap();
        assert_eq!(choose(window, "IMG_0001").await, "processing");
        window.expect_step("review").await.unwrap();
        window.expect_shown("review-photo").await.unwrap();
        drop(stick);
        // What was read stays read.
        window.click("accept").await.unwrap();
        window.expect_step("order").await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert_eq!(state, order::State::Completed);
    let photos = reader.photos_of(id).unwrap();
    assert_eq!(photos.iter().map(|photo| photo.state).collect::<Vec<_>>(), [photo::State::Accepted]);
    assert_eq!(reader.original_photo(photos[0].id).unwrap().unwrap(), good, "the student's own file is kept");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words_and_costs_no_shot() {
    let booth = rig();
    let student = Student::invented(91);
    let good = std::fs::read(assets().join("sample/faces/p03__blue_cloth.jpg")).unwrap();
    in_window(&booth, TALL, async |window| {
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("letter.jpg", "这不是照片。".as_bytes()).unwrap();
        stick.put("rubbish.png", &rubbish()).unwrap();
        stick.put("whole.jpg", &good).unwrap();
        to_the_stick(window, &student).await;
        window.expect_css("[data-testid=pictures][data-count=\"3\"]").await.unwrap();
        for name in ["letter", "rubbish"] {
            assert_eq!(choose(window, name).await, "invalid_picture", "{name}");
            window.click("dismiss-error").await.unwrap();
        }
        drop(stick);
        window.expect_shown("stick-none").await.unwrap();
        assert!(!window.is_shown("use-picture").await.unwrap(), "there is nothing to use");
        window.click("back").await.unwrap();
        window.expect_step("framing").await.unwrap();
        window.expect_css("[data-testid=shots-left]").await.unwrap();
        let left = window.client.find(Locator::Css("[data-testid=shots-left]")).await.unwrap();
        let left = left.text().await.unwrap();
        assert!(left.contains('5'), "all five shots are left: {left}");
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, _) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert!(reader.photos_of(id).unwrap().is_empty(), "nothing of them was kept");
}

#[tokio::test]
async fn a_damaged_picture_and_a_pulled_stick_lead_back_to_the_camera() {
    let booth = rig();
    let (student, choices) = (Student::invented(92), Choices::one_inch(PIN));
    let good = std::fs::read(assets().join("sample/faces/p03__blue_cloth.jpg")).unwrap();
    in_window(&booth, TALL, async |window| {
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("half.jpg", &good[..good.len() / 2]).unwrap();
        to_the_stick(window, &student).await;
        window.expect_css("[data-testid=pictures][data-count=\"1\"]").await.unwrap();
        window.expect_shown("picture-p0").await.unwrap();
        window.click("picture-p0").await.unwrap();
        window.expect_css("[data-testid=use-picture]:enabled").await.unwrap();
        drop(stick);
        // Before the booth has looked again, or after: either way the student stays here and reads why.
        let press = "document.querySelector('[data-testid=use-picture]').click()";
        window.client.execute(press, vec![]).await.unwrap();
        window.expect_shown("stick-none").await.unwrap();
        if !window.click_if_shown("dismiss-error").await.unwrap() {
            assert_eq!(window.step().await.unwrap(), "import");
        }
        let stick = UsbStick::plug(&booth).unwrap();
        stick.put("half.jpg", &good[..good.len() / 2]).unwrap();
        window.expect_css("[data-testid=pictures][data-count=\"1\"]").await.unwrap();
        choose(window, "half").await;
        window.expect_error("invalid_picture").await.unwrap();
        window.expect_step("framing").await.unwrap();
        window.click("dismiss-error").await.unwrap();
        student::walk_to(window, &student, &choices, "review").await.unwrap();
        window.expect_shown("review-photo").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, _) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    let shots = reader.photos_of(id).unwrap().into_iter().filter(|photo| photo.alternative_to.is_none());
    assert_eq!(shots.count(), 1, "the damaged picture was no shot");
}
