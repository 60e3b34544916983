//! Two people at one booth, the second right after the first: nothing of the first is shown to the second.

use crate::{TALL, in_window};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::Window;
use end_to_end::student::{self, Choices, Student, Unseen, Witness, last};
use std::io;

/// Looks on every screen for what belongs to somebody else.
struct Apart {
    traces: Vec<String>,
    looks: usize,
}

impl Apart {
    /// Looks for this person: the name also as it is masked, and the ends of the numbers.
    fn from(other: &Student) -> Self {
        let family: String = other.name.chars().take(1).collect();
        let masked = family + "*";
        let ends =
            [&other.document_number, &other.phone, &other.student_number].map(|number| last(number, 4));
        let mut traces = vec![other.name.clone(), masked];
        traces.extend(ends.map(str::to_owned));
        Self { traces, looks: 0 }
    }

    /// The page, and what stands in its fields.
    async fn page(window: &Window) -> io::Result<String> {
        let script = "return document.documentElement.outerHTML + \
            [...document.querySelectorAll('input')].map((field) => `\\n${field.value}`).join('')";
        let page = window.client.execute(script, vec![]).await.map_err(io::Error::other)?;
        page.as_str().map(str::to_owned).ok_or_else(|| io::Error::other("there is no page"))
    }

    /// Which of the traces are on the screen.
    async fn found(&self, window: &Window) -> io::Result<Vec<&String>> {
        let page = Self::page(window).await?;
        Ok(self.traces.iter().filter(|trace| page.contains(trace.as_str())).collect())
    }
}

impl Witness for Apart {
    async fn see(&mut self, step: &str, window: &Window) -> io::Result<()> {
        self.looks += 1;
        let found = self.found(window).await?;
        if found.is_empty() {
            return Ok(());
        }
        Err(io::Error::other(format!("{step} shows {found:?} of somebody else")))
    }
}

/// Two people who have nothing in common.
fn two(n: u32) -> (Student, Student) {
    let other =
        Student { name: "欧阳龘靐".into(), student_number: "7700081937".into(), ..Student::invented(n) };
    let other = Student { phone: "13944087153".into(), ..other };
    (other, Student::invented(n + 1))
}

#[tokio::test]
async fn whoever_comes_after_a_time_out_sees_nothing_of_the_one_before() {
    let booth = BoothRig::new("auto").unwrap();
    booth.change_programmes("screen_s = 90", "screen_s = 8").unwrap();
    booth.set("countdown_s = 1", "countdown_s = 1\nscreen_s = 8").unwrap();
    let (first, second) = two(150);
    let (mut apart, choices) = (Apart::from(&first), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        for left in ["consent", "details", "order"] {
            student::walk_to(window, &first, &choices, left).await.unwrap();
            if left == "details" {
                assert!(!apart.found(window).await.unwrap().is_empty(), "the looks can find something");
            }
            window.expect_shown("closing").await.unwrap();
            window.expect_step("welcome").await.unwrap();
        }
        apart.see("welcome", window).await.unwrap();
        student::walk(window, &second, &choices, &mut apart).await.unwrap();
    })
    .await;
    assert!(apart.looks > 15, "every screen was looked at");
    let reader = booth.reader().unwrap();
    assert_eq!(reader.counts().unwrap().people, 1, "the first ordered nothing");
    let (id, _) = order_of(&reader, &second.document_number, "degree").unwrap().unwrap();
    assert_eq!(reader.person(reader.order(id).unwrap().person).unwrap().name.as_str(), second.name);
}

#[tokio::test]
async fn another_number_at_the_same_screen_is_another_person() {
    let booth = BoothRig::new("auto").unwrap();
    let (first, second) = two(160);
    let (mut apart, choices) = (Apart::from(&first), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        // The first is known already, and has an order that waits to be paid.
        student::walk_to(window, &first, &choices, "pay").await.unwrap();
        window.click("log-out").await.unwrap();
        student::walk_to(window, &first, &choices, "log_in").await.unwrap();
        window.type_into("field-password", "SECRET").await.unwrap();
        window.click("back").await.unwrap();
        window.expect_step("identify").await.unwrap();
        student::choose_typing(window).await.unwrap();
        window.type_into("field-document-number", &second.document_number).await.unwrap();
        apart.see("identify", window).await.unwrap();
        window.click("submit-document").await.unwrap();
        window.expect_step("register").await.unwrap();
        apart.see("register", window).await.unwrap();
        student::register(window, &second, &choices, &mut apart).await.unwrap();
        student::order(window, &choices, &mut apart).await.unwrap();
        window.expect_step("briefing").await.unwrap();
        apart.see("briefing", window).await.unwrap();
        window.click("log-out").await.unwrap();
        student::come_back(window, &first, &choices, &mut Unseen).await.unwrap();
        window.expect_step("pay").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    assert_eq!(reader.counts().unwrap().people, 2);
    for student in [&first, &second] {
        let (id, _) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
        let person = reader.person(reader.order(id).unwrap().person).unwrap();
        assert_eq!(person.name.as_str(), student.name, "each order is its own person's");
    }
}

#[tokio::test]
async fn what_somebody_new_typed_is_gone_when_another_number_is_typed() {
    let booth = BoothRig::new("auto").unwrap();
    let (first, second) = two(170);
    let (mut apart, choices) = (Apart::from(&first), Choices::freshman());
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &first, &choices, "consent").await.unwrap();
        window.click("back").await.unwrap();
        window.expect_step("identify").await.unwrap();
        student::choose_typing(window).await.unwrap();
        window.type_into("field-document-number", &second.document_number).await.unwrap();
        window.click("submit-document").await.unwrap();
        window.expect_step("register").await.unwrap();
        apart.see("register", window).await.unwrap();
        student::register(window, &second, &choices, &mut apart).await.unwrap();
        window.expect_step("order").await.unwrap();
        apart.see("order", window).await.unwrap();
    })
    .await;
    assert_eq!(booth.reader().unwrap().counts().unwrap().people, 0, "nobody has ordered yet");
}
