//! Names of files: a template of fields, filled with what is known of a person, made safe for any system that may unpack them.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// The most characters of a template.
const TEMPLATE: usize = 120;
/// The most bytes of a name before its ending: far below what file systems take, with room for a number.
const NAME: usize = 180;

/// What a name can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    StudentNumber,
    DocumentNumber,
    Name,
    OrderNumber,
    College,
    Major,
    Class,
}

impl Field {
    const ALL: [(&'static str, Self); 7] = [
        ("student_number", Self::StudentNumber),
        ("document_number", Self::DocumentNumber),
        ("name", Self::Name),
        ("order_number", Self::OrderNumber),
        ("college", Self::College),
        ("major", Self::Major),
        ("class", Self::Class),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.0 == name).map(|field| field.1)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

/// A template such as `{student_number}_{name}`, with one field at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameTemplate(Vec<Part>);

impl NameTemplate {
    /// The template that `text` writes; nothing where it has no field, an unknown one, or is too long.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.chars().count() > TEMPLATE {
            return None;
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            parts.extend((!before.is_empty()).then(|| Part::Text(before.to_owned())));
            parts.push(Part::Field(Field::parse(name)?));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Text(rest.to_owned())));
        let has_field = parts.iter().any(|part| matches!(part, Part::Field(_)));
        (has_field && !text.replace("{", "").is_empty())
            .then_some(Self(parts))
            .filter(|_| !rest.contains('}'))
    }

    /// The name for somebody, without its ending.
    pub(super) fn fill<'a>(&self, value: impl Fn(Field) -> &'a str) -> String {
        let filled = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Field(field) => value(*field).to_owned(),
        };
        safe(&self.0.iter().map(filled).collect::<String>())
    }
}

/// A name that no system takes for a way, a device, or a hidden file, composed (NFC), and never empty.
fn safe(text: &str) -> String {
    let plain = |c: char| {
        // Marks that turn the direction of writing could make a name look like another one.
        let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || turns || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }
    };
    let composed: String = text.nfc().map(plain).collect();
    let mut name = String::new();
    for c in composed.trim().trim_matches('.').trim().chars() {
        if name.len() + c.len_utf8() > NAME {
            break;
        }
        name.push(c);
    }
    let name = name.trim_end_matches(['.', ' ']);
    if name.is_empty() || is_device(name) { format!("_{name}") } else { name.to_owned() }
}

/// A name that Windows takes for a device, whatever its ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            rest.chars().count() == 1 && rest.chars().all(|c| "0123456789¹²³".contains(c))
        })
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || numbered("COM")
        || numbered("LPT")
}

/// The names of one archive: each is given out once, whatever the case of its letters.
#[derive(Debug, Default)]
pub(super) struct FileNames(HashMap<String, u32>);

impl FileNames {
    /// The file's name: the same again gets `-2`, then `-3`.
    pub(super) fn take(&mut self, name: &str) -> String {
        let mut number = self.0.get(&name.to_lowercase()).map_or(1, |last| last + 1);
        loop {
            let numbered = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
            self.0.insert(name.to_lowercase(), number);
            if number == 1 || !self.0.contains_key(&numbered.to_lowercase()) {
                self.0.entry(numbered.to_lowercase()).or_insert(1);
                return format!("{numbered}.jpg");
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn fill(template: &str, value: &str) -> String {
        NameTemplate::parse(template).unwrap().fill(|_| value)
    }

    #[test]
    fn a_template_is_filled() {
        let template = NameTemplate::parse("{student_number}_{name}-x").unwrap();
        let name = template.fill(|field| if field == Field::Name { "王小明" } else { "2023001" });
        assert_eq!(name, "2023001_王小明-x");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for wrong in
            ["", "photo", "{}", "{phone}", "{name", "name}", "{name}}", "{{name}}", &"{name}".repeat(30)]
        {
            assert_eq!(NameTemplate::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_safe() {
        for (value, safe) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a/b\\c:d", "a_b_c_d"),
            ("", "_"),
            ("...", "_"),
            ("CON", "_CON"),
            ("lpt1.a", "_lpt1.a"),
            ("e\u{301}", "é"),
            ("a\u{202e}b\u{0}", "a_b_"),
            (" .hidden. ", "hidden"),
        ] {
            assert_eq!(fill("{name}", value), safe, "{value:?}");
        }
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = FileNames::default();
        let given: Vec<_> = ["a", "A", "a-2", "a", "b"].map(|name| names.take(name)).to_vec();
        assert_eq!(given, ["a.jpg", "A-2.jpg", "a-2-2.jpg", "a-3.jpg", "b.jpg"]);
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(value in "[\\PC./\\\\:\u{0}-\u{1f}]{0,300}") {
            let name = fill("{name}", &value);
            prop_assert!(!name.is_empty() && name.len() <= NAME + 1);
            prop_assert!(!name.contains(['/', '\\', ':', '\0']) && !name.chars().any(char::is_control));
            prop_assert!(!name.starts_with('.') && !name.ends_with(['.', ' ']) && !is_device(&name));
            prop_assert_eq!(name.nfc().collect::<String>(), name);
        }

        #[test]
        fn no_two_files_have_one_name(names in prop::collection::vec("[aAb]{1,2}(-[23])?", 1..30)) {
            let mut taken = FileNames::default();
            let given: Vec<String> = names.iter().map(|name| taken.take(name).to_lowercase()).collect();
            prop_assert_eq!(given.iter().collect::<HashSet<_>>().len(), given.len());
        }

        #[test]
        fn junk_is_a_template_or_none_and_never_a_panic(text in "[\\PC{}]{0,140}") {
            if let Some(template) = NameTemplate::parse(&text) {
                prop_assert!(!template.fill(|_| "x").is_empty());
            }
        }
    }
}
