//! A person's name as a document prints it: Chinese, or Latin letters.
//!
//! Left out on purpose: splitting into family and given name, other scripts (documents print Latin beside them), titles.

use crate::typed_text;

/// A name of 1 to 40 characters, normalised. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

typed_text::redacted_debug!(PersonName);

impl PersonName {
    /// The most characters that a name has here.
    pub const MOST: usize = 40;

    /// The name that `text` holds: full width to half, every sort of middle dot to `·`, runs of spaces to one, and no space beside a
    /// Chinese character (cards pad two-character names with them).
    ///
    /// # Errors
    /// [`NameError`] names the rule broken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = normalise(text);
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().count() > Self::MOST {
            return Err(NameError::TooLong);
        }
        if !name.chars().all(|c| is_letter(c) || is_joint(c)) {
            return Err(NameError::UnexpectedCharacter);
        }
        if joints_are_between_letters(&name) { Ok(Self(name)) } else { Err(NameError::MisplacedMark) }
    }

    /// The normalised name. Personal: for storage, delivery and the person's own screen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for a screen that others can see: the first letter of each word or part, asterisks for the rest; all asterisks if
    /// the name is one character.
    #[must_use]
    pub fn masked(&self) -> String {
        if self.0.chars().count() == 1 {
            return "*".to_owned();
        }
        let mut after_joint = true;
        let mut mask = |c: char| {
            let shown = is_joint(c) || after_joint;
            after_joint = is_joint(c);
            if shown { c } else { '*' }
        };
        self.0.chars().map(&mut mask).collect()
    }
}

/// The rule that a typed name broke. Never holds the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`PersonName::MOST`] characters.
    #[error("the name is longer than 40 characters")]
    TooLong,
    /// A character that is neither a Chinese character, a Latin letter, a middle dot, a space, a hyphen nor an apostrophe.
    #[error("the name has a character that names do not have")]
    UnexpectedCharacter,
    /// A dot, hyphen or apostrophe at an end or beside another.
    #[error("the name has a mark that does not stand between letters")]
    MisplacedMark,
}

fn normalise(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(plain_mark).collect())
        .collect();
    let mut name = String::new();
    for word in words {
        let chinese_neighbour =
            name.chars().last().is_some_and(is_han) || word.chars().next().is_some_and(is_han);
        if !name.is_empty() && !chinese_neighbour {
            name.push(' ');
        }
        name.push_str(&word);
    }
    name
}

/// The one form of a mark that keyboards and cards write in several.
fn plain_mark(c: char) -> char {
    match c {
        '\u{30FB}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{FF65}' | '\u{FF0E}' => {
            '\u{00B7}'
        }
        '\u{2019}' | '\u{2018}' | '\u{02BC}' => '\'',
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        other => typed_text::half_width(other),
    }
}

fn is_letter(c: char) -> bool {
    is_han(c) || is_latin(c)
}

/// CJK unified and compatibility ideographs with all extensions of Unicode 16, and the zero 〇.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}')
}

/// Basic Latin, Latin-1, Latin Extended-A and -B, and Latin Extended Additional letters.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

fn is_joint(c: char) -> bool {
    matches!(c, '\u{00B7}' | ' ' | '-' | '\'')
}

fn joints_are_between_letters(name: &str) -> bool {
    name.split(is_joint).all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_normalised() {
        for (typed, name) in [
            ("张三", "张三"),
            (" 张　三 ", "张三"),
            ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
            ("Ｚｈａｎｇ　San", "Zhang San"),
            ("O\u{2019}Neill  José-María", "O'Neill José-María"),
            ("𠮷田", "𠮷田"),
        ] {
            assert_eq!(PersonName::parse(typed).unwrap().as_str(), name, "{typed}");
        }
    }

    #[test]
    fn broken_names_name_the_rule() {
        let long = "张".repeat(41);
        for (typed, error) in [
            ("", NameError::Empty),
            ("　 ", NameError::Empty),
            (long.as_str(), NameError::TooLong),
            ("张3", NameError::UnexpectedCharacter),
            ("张三😀", NameError::UnexpectedCharacter),
            ("a;b", NameError::UnexpectedCharacter),
            ("·张", NameError::MisplacedMark),
            ("-", NameError::MisplacedMark),
            ("a--b", NameError::MisplacedMark),
        ] {
            assert_eq!(PersonName::parse(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn masks_show_first_letters_only() {
        for (name, masked) in
            [("张三", "张*"), ("阿卜杜拉·买买提", "阿***·买**"), ("Zhang San", "Z**** S**"), ("丁", "*")]
        {
            assert_eq!(PersonName::parse(name).unwrap().masked(), masked, "{name}");
        }
        assert_eq!(
            format!("{:?}", PersonName::parse("张三").unwrap()),
            "PersonName(redacted)",
            "logs see nothing"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_a_name_is_stable(text in any::<String>(), near in "[a-zÀ-ž张三·' -]{0,45}") {
            for typed in [text, near] {
                if let Ok(name) = PersonName::parse(&typed) {
                    prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name.clone()), "parsing again changes nothing");
                    prop_assert_eq!(name.masked().chars().count(), name.as_str().chars().count(), "a mask keeps the length");
                    prop_assert!(name.as_str().chars().count() <= PersonName::MOST, "the limit holds");
                }
            }
        }

        #[test]
        fn chinese_and_latin_names_round_trip(name in "[一-龥]{1,45}|[A-Z][a-z]{0,12}( [A-Z][a-z]{0,12}){0,3}") {
            let kept = if name.chars().count() > PersonName::MOST { Err(NameError::TooLong) } else { Ok(name.as_str()) };
            let parsed = PersonName::parse(&name);
            prop_assert_eq!(parsed.as_ref().map(PersonName::as_str).map_err(|&e| e), kept, "a plain name is kept up to the limit");
        }
    }
}
