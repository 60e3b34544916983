//! A language is kept throughout: whoever chose English reads no Chinese, and nobody reads the name of a text in place of the text.

use crate::{TALL, WIDE, in_window};
use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::driver::Window;
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

/// The screens that go on by themselves: nobody opens the help there.
const FLEETING: [&str; 4] = ["countdown", "processing", "printing", "done"];

impl Witness for Reads {
    async fn see(&mut self, step: &str, window: &Window) -> io::Result<()> {
        // Before anybody has chosen, the welcome screen speaks both.
        if step == "welcome" {
            return Ok(());
        }
        self.read(step, window).await?;
        if !FLEETING.contains(&step) {
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
