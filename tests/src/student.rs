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
    /// Whether the programme asks for a collection code.
    pub code: bool,
}

impl Choices {
    /// The degree photo, paid at the counter, in Chinese.
    #[must_use]
    pub fn degree(pin: &str) -> Self {
        let consents = &["agreement", "identity", "face_image", "hand_over"];
        Self { programme: "degree", start: "start-zh", consents, pin: Some(pin.into()), code: true }
    }

    /// The photo that is taken first and paid for afterwards, at the counter, in Chinese.
    #[must_use]
    pub fn one_inch(pin: &str) -> Self {
        let consents = &["agreement", "identity", "face_image"];
        Self { programme: "one-inch", consents, code: false, ..Self::degree(pin) }
    }

    /// The freshman photo, paid by the school, in English.
    #[must_use]
    pub fn freshman() -> Self {
        Self { programme: "freshman", start: "start-en", pin: None, code: false, ..Self::degree("") }
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

/// From the welcome screen to the document's number that is typed; what comes next depends on who it is.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn present(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    to_identify(w, choices, see).await?;
    choose_typing(w).await?;
    w.click("document-kind-resident_id").await?;
    w.type_into("field-document-number", &student.document_number).await?;
    see.see("identify", w).await?;
    w.click("submit-document").await
}

/// Chooses to type the number, once the screen takes a press; a booth without another way has nothing to choose.
///
/// # Errors
/// Where the screen doesn't come.
pub async fn choose_typing(w: &Window) -> io::Result<()> {
    let way = "[data-testid=method-typed]:not([disabled]), [data-testid=field-document-number]";
    match w.expect_css_id(way).await?.as_str() {
        "method-typed" => w.click("method-typed").await,
        _ => Ok(()),
    }
}

/// From the welcome screen past the programme and its guides.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn to_identify(w: &Window, choices: &Choices, see: &mut impl Witness) -> io::Result<()> {
    w.expect_step("welcome").await?;
    see.see("welcome", w).await?;
    w.click(choices.start).await?;
    w.expect_step("programme").await?;
    see.see("programme", w).await?;
    w.click(&format!("programme-{}", choices.programme)).await?;
    w.expect_step("guide").await?;
    read_guides(w, see).await?;
    w.expect_step("identify").await
}

/// Turns every page of the guides.
///
/// # Errors
/// Where a page doesn't come.
pub async fn read_guides(w: &Window, see: &mut impl Witness) -> io::Result<()> {
    loop {
        see.see("guide", w).await?;
        let page =
            w.expect_css_id("[data-testid=guide-next]:enabled, [data-testid=guide-done]:enabled").await?;
        w.click(&page).await?;
        if page == "guide-done" {
            return Ok(());
        }
    }
}

/// Somebody new: from the welcome screen to the order, or to the briefing on the way that shoots first.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn identify(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    present(w, student, choices, see).await?;
    register(w, student, choices, see).await
}

/// Somebody new, from the registration on.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn register(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    w.expect_step("register").await?;
    w.type_into("field-name", &student.name).await?;
    w.type_into("field-phone", &student.phone).await?;
    see.see("register", w).await?;
    w.click("register").await?;
    agree_and_confirm(w, student, choices, see).await
}

/// From the consents to the order, typing the student number where it is asked for.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn agree_and_confirm(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    w.expect_step("consent").await?;
    for consent in choices.consents {
        w.click(&format!("consent-{consent}")).await?;
    }
    see.see("consent", w).await?;
    w.click("agree").await?;
    w.expect_step("details").await?;
    if w.is_shown("field-student-number").await? {
        w.type_into("field-student-number", &student.student_number).await?;
    }
    see.see("details", w).await?;
    w.click("confirm-details").await?;
    if choices.code {
        w.expect_step("code").await?;
        w.expect_shown("field-last-four").await?;
        w.type_into("field-last-four", last(&student.document_number, 4)).await?;
        see.see("code", w).await?;
        w.click("confirm-code").await?;
    }
    Ok(())
}

/// Somebody known: from the welcome screen through the first password, to whatever is open for them.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn come_back(
    w: &Window,
    student: &Student,
    choices: &Choices,
    see: &mut impl Witness,
) -> io::Result<()> {
    present(w, student, choices, see).await?;
    log_in(w, last(&student.document_number, 6), see).await
}

/// Types the password.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn log_in(w: &Window, password: &str, see: &mut impl Witness) -> io::Result<()> {
    w.expect_step("log_in").await?;
    w.type_into("field-password", password).await?;
    see.see("log_in", w).await?;
    w.click("log-in").await
}

/// Does what the screen `step` asks for, whoever the student is to the booth by now; the screen, or the refusal, that follows.
///
/// # Errors
/// Where a screen or a button doesn't come.
pub async fn go_on(w: &Window, student: &Student, choices: &Choices, step: &str) -> io::Result<String> {
    match step {
        "welcome" => w.click(choices.start).await?,
        "programme" => w.click(&format!("programme-{}", choices.programme)).await?,
        "guide" => read_guides(w, &mut Unseen).await?,
        "identify" => {
            choose_typing(w).await?;
            w.click("document-kind-resident_id").await?;
            w.type_into("field-document-number", &student.document_number).await?;
            w.click("submit-document").await?;
        }
        "log_in" => log_in(w, last(&student.document_number, 6), &mut Unseen).await?,
        "register" => {
            w.type_into("field-name", &student.name).await?;
            w.type_into("field-phone", &student.phone).await?;
            w.click("register").await?;
        }
        "consent" => {
            for consent in choices.consents {
                w.click(&format!("consent-{consent}")).await?;
            }
            w.click("agree").await?;
        }
        "details" => {
            if w.is_shown("field-student-number").await? {
                w.type_into("field-student-number", &student.student_number).await?;
            }
            w.click("confirm-details").await?;
        }
        "code" => {
            w.type_into("field-last-four", last(&student.document_number, 4)).await?;
            w.click("confirm-code").await?;
        }
        "order" => w.click("place-order").await?,
        "pay" => type_pin(w, choices.pin.as_deref().unwrap_or_default()).await?,
        "briefing" => w.click("ready").await?,
        "framing" => w.click("shoot").await?,
        "review" => w.click("accept").await?,
        _ => {}
    }
    w.leave_or_refused(step).await
}

/// Goes on until the screen `goal` is shown.
///
/// # Errors
/// Where a screen or a button doesn't come, or what was asked is refused.
pub async fn walk_to(w: &Window, student: &Student, choices: &Choices, goal: &str) -> io::Result<()> {
    let mut step = w.step().await?;
    while step != goal {
        step = go_on(w, student, choices, &step).await?;
    }
    Ok(())
}

/// The last characters of a number.
#[must_use]
pub fn last(number: &str, characters: usize) -> &str {
    &number[number.len().saturating_sub(characters)..]
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
