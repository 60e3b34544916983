//! A student who walks through the real window.

use crate::driver::Window;
use std::io;

/// Somebody invented.
#[derive(Clone, Debug)]
pub struct Student {
    /// The name.
    pub name: String,
    /// A resident ID number that passes its check.
    pub document_number: String,
    /// The telephone.
    pub phone: String,
    /// The student number.
    pub student_number: String,
}

impl Student {
    /// The `n`th invented student, all born on the first of May 2004.
    #[must_use]
    pub fn invented(n: u32) -> Self {
        Self {
            name: "张晓明".into(),
            document_number: resident_id(&format!("11010520040501{:03}", n % 1000)),
            phone: format!("138{:08}", n % 100_000_000),
            student_number: format!("2023{n:05}"),
        }
    }
}

impl Student {
    /// An invented student of whom no program knows anything by chance: a name of rare characters, and numbers of random digits.
    #[must_use]
    pub fn unmistakable() -> Self {
        use std::hash::{BuildHasher as _, Hasher as _};
        // The standard library's hasher is seeded by the system's randomness.
        let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
        let (day, serial) = (1 + random % 28, random / 28 % 1000);
        Self {
            name: "欧阳龘靐".into(),
            document_number: resident_id(&format!("441721200505{day:02}{serial:03}")),
            phone: format!("139{:08}", random / 28_000 % 100_000_000),
            student_number: format!("77{:010}", random % 10_000_000_000),
        }
    }
}

/// Seventeen digits with the check character of GB 11643.
fn resident_id(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", char::from(CHECKS[(sum % 11) as usize]))
}

/// What the student chooses.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The programme.
    pub programme: &'static str,
    /// The language's button.
    pub start: &'static str,
    /// The consents to tick.
    pub consents: &'static [&'static str],
    /// The counter's PIN, where something is due.
    pub pin: Option<String>,
}

impl Choices {
    /// The degree photo, paid at the counter, in Chinese.
    #[must_use]
    pub fn degree(pin: &str) -> Self {
        let consents = &["agreement", "identity", "face_image", "hand_over"];
        Self { programme: "degree", start: "start-zh", consents, pin: Some(pin.into()) }
    }

    /// The freshman photo, paid by the school, in English.
    #[must_use]
    pub fn freshman() -> Self {
        Self { programme: "freshman", start: "start-en", pin: None, ..Self::degree("") }
    }
}

/// Sees each screen once, as it is left.
pub trait Witness {
    /// The window shows the screen `step`.
    fn see(&mut self, step: &str, window: &Window) -> impl Future<Output = io::Result<()>>;
}

/// Nobody looks.
pub struct Unseen;

impl Witness for Unseen {
    async fn see(&mut self, _step: &str, _window: &Window) -> io::Result<()> {
        Ok(())
    }
}

/// From the welcome screen to the order, or to whatever an interrupted order resumes at.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn identify(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    w.expect_step("welcome").await?;
    see.see("welcome", w).await?;
    w.click(choices.start).await?;
    w.expect_step("programme").await?;
    see.see("programme", w).await?;
    w.click(&format!("programme-{}", choices.programme)).await?;
    w.expect_step("consent").await?;
    for consent in choices.consents {
        w.click(&format!("consent-{consent}")).await?;
    }
    see.see("consent", w).await?;
    w.click("agree").await?;
    w.expect_step("details").await?;
    w.click("document-kind-resident_id").await?;
    w.type_into("field-name", &student.name).await?;
    w.type_into("field-document-number", &student.document_number).await?;
    w.type_into("field-phone", &student.phone).await?;
    w.type_into("field-student-number", &student.student_number).await?;
    see.see("details", w).await?;
    w.click("submit-details").await
}

/// From the order to what follows the payment.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn order(w: &Window, choices: &Choices, see: &mut impl Witness) -> io::Result<()> {
    w.expect_step("order").await?;
    see.see("order", w).await?;
    w.click("place-order").await?;
    if let Some(pin) = &choices.pin {
        w.expect_step("pay").await?;
        see.see("pay", w).await?;
        type_pin(w, pin).await?;
    }
    Ok(())
}

/// Types a PIN on the pad and confirms it.
///
/// # Errors
/// Where a key doesn't come.
pub async fn type_pin(w: &Window, pin: &str) -> io::Result<()> {
    for digit in pin.chars() {
        w.click(&format!("pin-{digit}")).await?;
    }
    w.click("pin-confirm").await
}

/// From the briefing to the accepted photo and its prints.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn shoot_and_accept(w: &Window, see: &mut impl Witness) -> io::Result<()> {
    w.expect_step("briefing").await?;
    see.see("briefing", w).await?;
    w.click("ready").await?;
    w.expect_step("framing").await?;
    w.client
        .wait()
        .at_most(crate::driver::PATIENCE)
        .for_element(fantoccini::Locator::Css("[data-testid=preview]"))
        .await
        .map_err(io::Error::other)?;
    see.see("framing", w).await?;
    w.click("shoot").await?;
    w.expect_step("countdown").await?;
    see.see("countdown", w).await?;
    w.expect_step("review").await?;
    see.see("review", w).await?;
    w.click("accept").await
}

/// The whole way, from the welcome screen back to it.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn walk(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    identify(w, student, choices, see).await?;
    order(w, choices, see).await?;
    shoot_and_accept(w, see).await?;
    w.expect_step("printing").await?;
    see.see("printing", w).await?;
    w.expect_step("done").await?;
    see.see("done", w).await?;
    w.click("finish").await?;
    w.expect_step("welcome").await
}
