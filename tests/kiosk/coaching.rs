//! The coach in the real window: what it says follows the person in front of the camera, and the shutter goes by itself.
//!
//! Leaves a picture of each advice in `out/`.

use crate::{TALL, WIDE, in_window};
use domain::photo;
use end_to_end::booth_rig::{BoothRig, order_of};
use end_to_end::driver::{PATIENCE, Window, assets};
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student, Unseen};
use std::path::{Path, PathBuf};

/// The advice that the sample script is to provoke, step by step. It sends the person to the picture's left: in the mirror that is
/// the right, so they are told to move left.
const ADVICE: [&str; 9] = [
    "[data-advice=step_in]",
    "[data-advice=closer]",
    "[data-advice=back]",
    "[data-advice=move_left]",
    "[data-advice=level_head]",
    "[data-advice^=turn_]",
    "[data-advice=open_eyes]",
    "[data-advice=close_mouth]",
    "[data-advice=more_light]",
];

/// A step's time: long enough for a busy machine to take a picture of each.
const STEP: &str = "seconds = 6";

fn out() -> PathBuf {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../out");
    std::fs::create_dir_all(&out).unwrap();
    out
}

async fn keep(window: &Window, name: &str) {
    std::fs::write(out().join(format!("coaching-{name}.png")), window.screenshot().await.unwrap()).unwrap();
}

/// A booth whose shutter goes by itself, before a simulated camera that plays this.
fn coached(script: &str, countdown_s: u8) -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    let path = booth.data().join("script.toml");
    std::fs::write(&path, script).unwrap();
    booth.set("auto_shutter = false", &format!("auto_shutter = true\nscript = {path:?}")).unwrap();
    booth.set("countdown_s = 1", &format!("countdown_s = {countdown_s}")).unwrap();
    booth
}

/// Notes each word of the coach from now on.
async fn listen(window: &Window) {
    let script = "window.__said = []; const note = () => { const now = document.querySelector('[data-testid=coach]'); \
        const word = now?.dataset.advice ?? now?.dataset.state; \
        if (word && word !== window.__said.at(-1)) window.__said.push(word); requestAnimationFrame(note); }; note();";
    window.client.execute(script, vec![]).await.unwrap();
}

/// Waits for what the coach is to say, and names all it said if that doesn't come.
async fn expect_said(window: &Window, selector: &str) {
    if let Err(error) = window.expect_css(selector).await {
        let said = window.client.execute("return window.__said", vec![]).await.unwrap();
        panic!("{error}; the coach said {said}");
    }
}

async fn to_the_camera(window: &Window, student: &Student) {
    let choices = Choices::freshman();
    student::identify(window, student, &choices, &mut Unseen).await.unwrap();
    student::order(window, &choices, &mut Unseen).await.unwrap();
    window.expect_step("briefing").await.unwrap();
    window.click("ready").await.unwrap();
    window.expect_step("framing").await.unwrap();
}

/// Follows the sample script to the automatic shot; pictures are named after the advice and the window's shape.
async fn follow(size: (u32, u32), student: &Student, shape: &str) -> BoothRig {
    let script = std::fs::read_to_string(assets().join("sample/scripts/coaching.toml")).unwrap();
    let booth = coached(&script.replace("seconds = 3", STEP), 3);
    in_window(&booth, size, async |window| {
        to_the_camera(window, student).await;
        listen(window).await;
        for advice in ADVICE {
            expect_said(window, &format!("[data-testid=coach]{advice}")).await;
            window.expect_css(&format!("[data-testid=coach-figure]{advice}")).await.unwrap();
            let name: String = advice.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').collect();
            keep(window, &format!("{}-{shape}", name.trim_start_matches("dataadvice").trim_end_matches('_')))
                .await;
        }
        expect_said(window, "[data-testid=coach][data-state=ready]").await;
        keep(window, &format!("ready-{shape}")).await;
        // Nobody pressed the button.
        window.expect_step("review").await.unwrap();
        window.expect_shown("review-photo").await.unwrap();
        keep(window, &format!("review-{shape}")).await;
        window.expect_css("[data-testid=choices][data-making=false]").await.unwrap();
        window.click("choice-2").await.unwrap();
        window.expect_css("[data-testid=choice-2][aria-pressed=true]").await.unwrap();
        keep(window, &format!("choice-{shape}")).await;
        window.click("accept").await.unwrap();
        window.expect_step("printing").await.unwrap();
    })
    .await;
    booth
}

#[tokio::test]
async fn the_advice_follows_the_person_and_the_shutter_goes_by_itself() {
    let student = Student::invented(21);
    let booth = follow(TALL, &student, "tall").await;
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "freshman").unwrap().unwrap();
    let photos = reader.photos_of(order).unwrap();
    let own: Vec<_> = photos.iter().filter(|photo| photo.alternative_to.is_none()).collect();
    assert_eq!(own.len(), 1, "one burst is one shot");
    assert_eq!(own[0].state, photo::State::Superseded, "the student took another photo of it");
    let accepted = photos.iter().filter(|photo| photo.state == photo::State::Accepted);
    assert_eq!(accepted.map(|photo| photo.alternative_to).collect::<Vec<_>>(), [Some(own[0].id)]);
    assert!((2..=3).contains(&photos.len()), "the best and at most two others are kept");
}

#[tokio::test]
async fn the_advice_fits_a_wide_window_too() {
    follow(WIDE, &Student::invented(22), "wide").await;
}

#[tokio::test]
async fn who_moves_out_stops_a_countdown_that_began_by_itself() {
    let script = "[[step]]\nname = \"compliant\"\nseconds = 10\npeople = [{ who = \"student\" }]\n\
        [[step]]\nname = \"gone\"\nseconds = 8\n[[step]]\nname = \"back\"\nseconds = 1\npeople = [{ who = \"student\" }]\n";
    let booth = coached(script, 10);
    in_window(&booth, TALL, async |window| {
        to_the_camera(window, &Student::invented(23)).await;
        window.expect_step("countdown").await.unwrap();
        keep(window, "countdown-tall").await;
        window.expect_step("framing").await.unwrap();
        window.expect_css("[data-testid=given-up][data-advice=step_in]").await.unwrap();
        keep(window, "given-up-tall").await;
        window.expect_step("countdown").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_button_shoots_whatever_the_coach_says() {
    let script = "[[step]]\nname = \"tilted\"\nseconds = 1\npeople = [{ who = \"student\", tilt = 12 }]\n";
    let booth = coached(script, 1);
    in_window(&booth, TALL, async |window| {
        to_the_camera(window, &Student::invented(24)).await;
        window.expect_css("[data-testid=coach][data-advice=level_head]").await.unwrap();
        window.click("shoot").await.unwrap();
        window.expect_step("review").await.unwrap();
        window.expect_css("[data-testid^=reason-]").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_official_background_is_drawn_behind_the_person() {
    let booth = BoothRig::new("auto").unwrap();
    in_window(&booth, TALL, async |window| {
        to_the_camera(window, &Student::invented(25)).await;
        window.expect_shown("preview").await.unwrap();
        window.click("background-on").await.unwrap();
        window.expect_shown("background-off").await.unwrap();
        let script = "const canvas = document.querySelector('[data-testid=preview]'); \
            const at = (x, y) => [...canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data]; \
            return [at(0.35, 0.1), at(0.5, 0.45)];";
        let official = |pixel: &serde_json::Value| {
            // The freshman's is white, the simulated cloth blue.
            (0..3).all(|channel| pixel[channel].as_i64().is_some_and(|value| value >= 252))
        };
        let mut corner = false;
        let mut face = false;
        for _ in 0..50 {
            let seen = window.client.execute(script, vec![]).await.unwrap();
            (corner, face) = (official(&seen[0]), official(&seen[1]));
            if corner {
                break;
            }
        }
        assert!(corner, "beside the head is the programme's background");
        assert!(!face, "the face is the camera's");
        keep(window, "background-tall").await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_booth_learns_its_backdrop_and_says_so() {
    let booth = coached("[[step]]\nname = \"nobody\"\nseconds = 1\n", 1);
    let learned = booth.data().join("calibration/backdrop.toml");
    in_window(&booth, TALL, async |window| {
        window.expect_shown("strip-no_backdrop").await.unwrap();
        // Ten quiet seconds come before it, and a second of frames.
        wait_for("the backdrop", 4 * PATIENCE, || learned.exists().then_some(())).unwrap();
        window.expect_css("[data-testid=strip]:not(:has([data-testid=strip-no_backdrop]))").await.unwrap();
    })
    .await;
    in_window(&booth, TALL, async |window| {
        window.expect_css("[data-testid=strip]:not(:has([data-testid=strip-no_backdrop]))").await.unwrap();
    })
    .await;
}
