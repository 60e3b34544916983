//! Photos that fail, reshoots, and what is left when none is left.

use crate::{TALL, in_window};
use domain::{order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::Window;
use end_to_end::student::{self, Choices, Student, Unseen};

/// How long somebody sits upright before they tilt their head again, in seconds: shorter than the driver's patience.
const TURN_S: u32 = 12;

/// How often they do both.
const TURNS: usize = 40;

/// A booth with this many shots, before whose camera somebody tilts their head from time to time.
fn restless(shots: u32) -> BoothRig {
    let upright = "people = [{ who = \"student\" }]";
    let tilted = "people = [{ who = \"student\", tilt = 12 }]";
    let step =
        |name: &str, people: &str| format!("[[step]]\nname = \"{name}\"\nseconds = {TURN_S}\n{people}\n");
    let script = [step("upright", upright), step("tilted", tilted)].concat().repeat(TURNS);
    rig(shots, &script)
}

/// A booth with this many shots, before whose camera nobody ever sits upright.
fn crooked(shots: u32) -> BoothRig {
    rig(shots, "[[step]]\nname = \"tilted\"\nseconds = 1\npeople = [{ who = \"student\", tilt = 12 }]\n")
}

fn rig(shots: u32, script: &str) -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    let path = booth.data().join("script.toml");
    std::fs::write(&path, script).unwrap();
    booth.set("auto_shutter = false", &format!("auto_shutter = false\nscript = {path:?}")).unwrap();
    booth.change_programmes("shots = 5", &format!("shots = {shots}")).unwrap();
    booth
}

/// What the coach says of somebody who sits upright, and of somebody who doesn't.
const UPRIGHT: &str = "[data-testid=coach][data-state=ready]";
const TILTED: &str = "[data-testid=coach][data-advice=level_head]";

/// Shoots once the coach has just begun to say this: the person then stays so for longer than a shot takes.
async fn shoot_when(window: &Window, before: &str, now: &str) {
    window.expect_step("framing").await.unwrap();
    window.expect_css(before).await.unwrap();
    window.expect_css(now).await.unwrap();
    window.click("shoot").await.unwrap();
    window.expect_step("review").await.unwrap();
}

#[tokio::test]
async fn a_photo_that_fails_is_reshot_and_the_earlier_one_can_be_taken() {
    let booth = restless(3);
    let (student, choices) = (Student::invented(80), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "framing").await.unwrap();
        shoot_when(window, UPRIGHT, TILTED).await;
        window.expect_css("[data-testid^=reason-]").await.unwrap();
        assert!(!window.is_shown("accept").await.unwrap(), "what fails the standard can't be accepted");
        assert!(!window.is_shown("back").await.unwrap(), "there is no earlier photo");
        window.click("retake").await.unwrap();
        shoot_when(window, TILTED, UPRIGHT).await;
        window.expect_shown("review-photo").await.unwrap();
        window.expect_css("[data-testid=choices][data-making=false]").await.unwrap();
        window.click("retake").await.unwrap();
        shoot_when(window, UPRIGHT, TILTED).await;
        window.expect_css("[data-testid^=reason-]").await.unwrap();
        assert!(!window.is_shown("retake").await.unwrap(), "three shots are used up");
        window.click("back").await.unwrap();
        window.expect_shown("review-photo").await.unwrap();
        window.click("accept").await.unwrap();
        window.expect_step("done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    assert_eq!(state, order::State::Completed);
    let shots: Vec<_> = reader.photos_of(id).unwrap();
    let shots: Vec<_> = shots.iter().filter(|photo| photo.alternative_to.is_none()).collect();
    let states: Vec<_> = shots.iter().map(|photo| photo.state).collect();
    assert_eq!(states, [photo::State::Failed, photo::State::Accepted, photo::State::Failed]);
    assert!(shots[0].reasons.iter().all(|reason| !reason.is_empty()) && !shots[0].reasons.is_empty());
    let jobs = reader.print_jobs_of(id).unwrap();
    assert_eq!(jobs.len(), 2, "a sheet and a receipt, of one photo");
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done), "{jobs:?}");
}

#[tokio::test]
async fn used_up_retakes_call_a_person_and_cost_nothing_more() {
    let booth = crooked(2);
    let (student, choices) = (Student::invented(81), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "framing").await.unwrap();
        window.expect_css("[data-testid=shots-left]").await.unwrap();
        window.click("shoot").await.unwrap();
        window.expect_step("review").await.unwrap();
        window.click("retake").await.unwrap();
        window.click("shoot").await.unwrap();
        window.expect_step("staff_needed").await.unwrap();
        window.expect_css("[data-testid^=reason-]").await.unwrap();
        window.expect_shown("order-number").await.unwrap();
        window.click("finish").await.unwrap();
        window.expect_step("welcome").await.unwrap();
        // Whoever comes back is neither asked for money nor led to the camera.
        student::come_back(window, &student, &choices, &mut Unseen).await.unwrap();
        assert_eq!(window.leave_or_refused("log_in").await.unwrap(), "staff_needed");
        window.expect_shown("order-number").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    assert_eq!(state, order::State::Paid, "the order waits, paid");
    assert_eq!(reader.counts().unwrap().orders, 1);
    let payments: Vec<_> = reader.payments_of(id).unwrap().into_iter().map(|payment| payment.state).collect();
    assert_eq!(payments, [payment::State::Settled], "paid once");
    let photos: Vec<_> = reader.photos_of(id).unwrap();
    assert!(photos.iter().all(|photo| photo.state == photo::State::Failed), "both shots are kept");
    assert_eq!(photos.len(), 2);
    assert!(photos.iter().all(|photo| reader.original_photo(photo.id).unwrap().is_some()));
    assert!(reader.print_jobs_of(id).unwrap().is_empty(), "nothing was printed");
}
