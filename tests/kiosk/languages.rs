//! A language is kept throughout: whoever chose English reads no Chinese, and nobody reads the name of a text in place of the text.

use crate::mailed::{LETTER, address};
use crate::{TALL, WIDE, in_window};
use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::driver::{FLEETING, Window};
use end_to_end::student::{self, Choices, Student, Witness};
use std::io;

/// Reads every screen, and the help that belongs to it.
pub struct Reads {
    /// Whether the student chose English.
    pub english: bool,
    /// What is Chinese in English too: the button that changes the language, and a district's name.
    pub kept: &'static [&'static str],
    /// The screens that were read.
    pub seen: Vec<String>,
}

impl Reads {
    pub fn english() -> Self {
        Self { english: true, kept: &["中文", "江苏省", "南京市", "玄武区"], seen: vec![] }
    }

    fn chinese() -> Self {
        Self { english: false, ..Self::english() }
    }

    /// What is wrong with a text, if something is.
    fn wrong(&self, text: &str) -> Option<String> {
        let text = self.kept.iter().fold(text.to_owned(), |text, kept| text.replace(kept, ""));
        let chinese = text.lines().find(|line| self.english && line.chars().any(is_chinese));
        let unfilled = || text.lines().find(|line| line.split_whitespace().any(is_key) || line.contains('{'));
        chinese.or_else(unfilled).map(str::to_owned)
    }

    async fn read(&mut self, step: &str, window: &Window) -> io::Result<()> {
        let words = window.words().await?;
        assert!(words.chars().any(char::is_alphabetic), "{step} says something");
        self.seen.push(step.to_owned());
        match self.wrong(&words) {
            Some(line) => Err(io::Error::other(format!("{step} says {line:?}"))),
            None => Ok(()),
        }
    }
}

impl Witness for Reads {
    async fn see(&mut self, step: &str, window: &Window) -> io::Result<()> {
        // Before anybody has chosen, the welcome screen speaks both.
        if step == "welcome" {
            return Ok(());
        }
        self.read(step, window).await?;
        // Nobody opens the help on a screen that goes on by itself.
        if !FLEETING.contains(&step) && step != "done" {
            window.click("help").await?;
            window.expect_shown("help-dialog").await?;
            self.read(&format!("the help of {step}"), window).await?;
            window.click("close-help").await?;
        }
        Ok(())
    }
}

/// Han characters, and the punctuation and full-width forms that go with them.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{323AF}')
}

/// A text's name, such as `order.total`: two words of small letters with a dot between, and nothing else.
fn is_key(word: &str) -> bool {
    let named = |part: &str| part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    word.split_once('.').is_some_and(|(group, name)| named(group) && named(name))
}

#[test]
fn a_foreign_line_is_told_from_a_good_one() {
    let (english, chinese) = (Reads::english(), Reads::chinese());
    for bad in ["Order 订单", "Total：", "order.total", "Left: {count}", "江苏省 无锡市"] {
        assert!(english.wrong(bad).is_some(), "{bad}");
    }
    for good in ["中文", "Total ¥15.00", "25×35 mm", "江苏省 南京市 玄武区", "Please go on. It waits."]
    {
        assert_eq!(english.wrong(good), None);
    }
    assert!(chinese.wrong("合计 order.total").is_some());
    assert_eq!(chinese.wrong("合计：15.00 元"), None);
}

/// An invented student whose name is not Chinese, so that all that is Chinese on a screen is the booth's.
pub fn foreigner(n: u32) -> Student {
    Student { name: "Anna Lindqvist".into(), ..Student::invented(n) }
}

#[tokio::test]
async fn the_degree_way_keeps_to_english() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, mut reads) = (foreigner(70), Reads::english());
    let choices = Choices { start: "start-en", ..Choices::degree(PIN) };
    in_window(&booth, TALL, async |window| {
        student::walk(window, &student, &choices, &mut reads).await.unwrap();
        the_orders(window, &student, "my-orders", &mut reads).await;
    })
    .await;
    for step in ["identify", "register", "consent", "details", "code", "order", "pay", "review", "account"] {
        assert!(reads.seen.iter().any(|seen| seen == step), "{step} was read: {:?}", reads.seen);
    }
}

#[tokio::test]
async fn the_degree_way_names_no_text_in_chinese() {
    let booth = BoothRig::new("auto").unwrap();
    let mut reads = Reads::chinese();
    in_window(&booth, WIDE, async |window| {
        student::walk(window, &Student::invented(71), &Choices::degree(PIN), &mut reads).await.unwrap();
    })
    .await;
    assert!(reads.seen.len() > 20, "each screen and its help: {:?}", reads.seen);
}

#[tokio::test]
async fn the_way_that_shoots_first_names_no_text_in_chinese() {
    let booth = BoothRig::new("auto").unwrap();
    let (mut reads, choices) = (Reads::chinese(), Choices::one_inch(PIN));
    in_window(&booth, WIDE, async |window| {
        student::identify(window, &Student::invented(73), &choices, &mut reads).await.unwrap();
        student::shoot_and_accept(window, &mut reads).await.unwrap();
        window.expect_step("order").await.unwrap();
        address(window, &LETTER, &mut reads).await;
        student::order(window, &choices, &mut reads).await.unwrap();
        window.expect_step("done").await.unwrap();
        reads.see("done", window).await.unwrap();
    })
    .await;
    for step in ["review", "area", "mail", "note", "order", "pay", "done"] {
        assert!(reads.seen.iter().any(|seen| seen == step), "{step} was read: {:?}", reads.seen);
    }
}

/// The account, to which one comes from the welcome screen, where nobody has chosen a language yet.
async fn the_orders(window: &Window, student: &Student, button: &str, reads: &mut Reads) {
    window.click(button).await.unwrap();
    window.expect_step("identify").await.unwrap();
    window.click("language-en").await.unwrap();
    window.expect_shown("language-zh").await.unwrap();
    student::choose_typing(window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    reads.see("identify", window).await.unwrap();
    window.click("submit-document").await.unwrap();
    student::log_in(window, student::last(&student.document_number, 6), reads).await.unwrap();
    window.expect_step("account").await.unwrap();
    reads.see("account", window).await.unwrap();
    window.click("change-password").await.unwrap();
    window.expect_shown("field-old-password").await.unwrap();
    reads.see("the password", window).await.unwrap();
    window.click("password-back").await.unwrap();
    window.click("delete-me").await.unwrap();
    window.expect_shown("delete-keep").await.unwrap();
    reads.see("the deletion", window).await.unwrap();
}

#[tokio::test]
async fn what_goes_wrong_is_said_in_english() {
    let booth = BoothRig::new("auto").unwrap();
    let script = booth.data().join("script.toml");
    let tilted = "[[step]]\nname = \"tilted\"\nseconds = 1\npeople = [{ who = \"student\", tilt = 12 }]\n";
    std::fs::write(&script, tilted).unwrap();
    booth.set("auto_shutter = false", &format!("auto_shutter = false\nscript = {script:?}")).unwrap();
    booth.take_sticks().unwrap();
    booth.change_programmes("shots = 5", "shots = 2").unwrap();
    let (student, mut reads) = (foreigner(74), Reads::english());
    let choices = Choices { start: "start-en", ..Choices::one_inch(PIN) };
    in_window(&booth, TALL, async |window| {
        wrong_input(window, &student, &choices, &mut reads).await;
        student::walk_to(window, &student, &choices, "briefing").await.unwrap();
        window.click("use-stick").await.unwrap();
        window.expect_shown("stick-none").await.unwrap();
        reads.see("import", window).await.unwrap();
        window.click("back").await.unwrap();
        window.expect_css("[data-testid=coach][data-advice=level_head]").await.unwrap();
        reads.see("framing", window).await.unwrap();
        window.click("shoot").await.unwrap();
        window.expect_step("review").await.unwrap();
        window.expect_css("[data-testid^=reason-]").await.unwrap();
        reads.see("a shot that failed", window).await.unwrap();
        window.click("retake").await.unwrap();
        window.click("shoot").await.unwrap();
        window.expect_step("staff_needed").await.unwrap();
        reads.see("staff_needed", window).await.unwrap();
        window.click("finish").await.unwrap();
        window.expect_step("welcome").await.unwrap();
    })
    .await;
}

/// A number and a name that can't be one, and a consent that is refused.
async fn wrong_input(window: &Window, student: &Student, choices: &Choices, reads: &mut Reads) {
    let wrong = Student { document_number: "110105194912310021".into(), ..student.clone() };
    student::present(window, &wrong, choices, reads).await.unwrap();
    window.expect_shown("field-error-document-number").await.unwrap();
    reads.see("a wrong number", window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    window.click("submit-document").await.unwrap();
    window.expect_step("register").await.unwrap();
    window.type_into("field-name", "···").await.unwrap();
    window.type_into("field-phone", &student.phone).await.unwrap();
    window.click("register").await.unwrap();
    window.expect_shown("field-error-name").await.unwrap();
    reads.see("a wrong name", window).await.unwrap();
    window.type_into("field-name", &student.name).await.unwrap();
    window.click("register").await.unwrap();
    window.expect_step("consent").await.unwrap();
    window.click("refuse").await.unwrap();
    window.expect_step("staff_needed").await.unwrap();
    reads.see("a refused consent", window).await.unwrap();
    window.click("finish").await.unwrap();
    window.expect_step("welcome").await.unwrap();
}

#[tokio::test]
async fn paying_by_a_code_and_staffs_approval_are_in_english() {
    let booth = BoothRig::new("auto").unwrap();
    booth.add("[payment]\nonline = \"simulated\"\nsimulated_pays_after_s = 0\n").unwrap();
    booth.change_programmes("approval = \"booth\"", "approval = \"staff\"").unwrap();
    let down = booth.data().join("simulated-payments/down");
    std::fs::create_dir(booth.data().join("simulated-payments")).unwrap();
    std::fs::write(&down, "").unwrap();
    let (student, mut reads) = (foreigner(75), Reads::english());
    let choices = Choices { start: "start-en", ..Choices::degree(PIN) };
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "pay").await.unwrap();
        reads.see("pay", window).await.unwrap();
        window.click("pay-alipay").await.unwrap();
        window.expect_shown("pay-unreachable").await.unwrap();
        reads.see("a provider that is away", window).await.unwrap();
        std::fs::remove_file(&down).unwrap();
        window.click("pay-again").await.unwrap();
        window.expect_shown("pay-left").await.unwrap();
        reads.see("a code to pay with", window).await.unwrap();
        window.click("pay-counter").await.unwrap();
        student::type_pin(window, "111111").await.unwrap();
        window.expect_shown("pin-error").await.unwrap();
        reads.see("a wrong PIN", window).await.unwrap();
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        reads.see("approval", window).await.unwrap();
    })
    .await;
}
