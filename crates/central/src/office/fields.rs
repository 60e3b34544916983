//! What a query or a form says: names and values as they were typed, and their parsing into values within limits.

use super::when::Day;
use super::words::Words;
use uuid::Uuid;

/// The most pairs that are looked at.
const MOST: usize = 1_000;

/// Names and values in their order; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is nothing.
    Empty,
    /// There is too much.
    Long,
    /// There are characters that can't be used.
    Characters,
    /// It isn't a number.
    Number,
    /// It isn't a day.
    Day,
    /// It isn't one of the choices.
    Choice,
    /// It isn't an address in which an order's number can be put.
    Address,
}

impl Fault {
    /// What people are told.
    pub(super) const fn says(self, w: &'static Words) -> &'static str {
        match self {
            Self::Empty => w.fault_empty,
            Self::Long => w.fault_long,
            Self::Characters => w.fault_characters,
            Self::Number => w.fault_number,
            Self::Day => w.fault_day,
            Self::Choice => w.fault_choice,
            Self::Address => w.fault_address,
        }
    }
}

impl Fields {
    /// The pairs of `application/x-www-form-urlencoded`. Nothing where it isn't UTF-8 or has too many.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let pairs = text.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty());
        let read: Option<Vec<_>> = pairs.take(MOST + 1).map(pair).collect();
        read.filter(|read| read.len() <= MOST).map(Self)
    }

    /// The first value of this name, without spaces at its ends; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of this name as it came.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// One line of at most `most` characters, which may be empty.
    pub(super) fn line(&self, name: &str, most: usize) -> Result<String, Fault> {
        let text = self.get(name);
        if text.chars().count() > most {
            return Err(Fault::Long);
        }
        if text.chars().any(char::is_control) { Err(Fault::Characters) } else { Ok(text.to_owned()) }
    }

    /// One line of 1 to `most` characters.
    pub(super) fn needed(&self, name: &str, most: usize) -> Result<String, Fault> {
        let text = self.line(name, most)?;
        if text.is_empty() { Err(Fault::Empty) } else { Ok(text) }
    }

    /// A day, or nothing where the field is empty.
    pub(super) fn day(&self, name: &str) -> Result<Option<Day>, Fault> {
        match self.get(name) {
            "" => Ok(None),
            text => Day::parse(text).map(Some).ok_or(Fault::Day),
        }
    }

    /// An id.
    pub(super) fn id(&self, name: &str) -> Result<Uuid, Fault> {
        Uuid::try_parse(self.get(name)).map_err(|_| Fault::Choice)
    }

    /// The pairs but those of `without`, as a query.
    pub(super) fn query_without(&self, without: &[&str]) -> String {
        let kept =
            self.0.iter().filter(|(name, value)| !without.contains(&name.as_str()) && !value.is_empty());
        let written: Vec<String> =
            kept.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        written.join("&")
    }
}

fn pair(text: &[u8]) -> Option<(String, String)> {
    let mut parts = text.splitn(2, |&byte| byte == b'=');
    Some((decode(parts.next()?)?, decode(parts.next().unwrap_or_default())?))
}

fn decode(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// A value for a query.
pub(super) fn escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A form that is shown again: what was typed, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Fields,
    faults: Vec<(&'static str, &'static str)>,
}

impl Form {
    /// A form with what was typed.
    pub(super) const fn of(fields: Fields) -> Self {
        Self { fields, faults: Vec::new() }
    }

    /// The value, or nothing and the field is marked.
    pub(super) fn take<T>(
        &mut self,
        w: &'static Words,
        name: &'static str,
        parse: impl FnOnce(&Fields) -> Result<T, Fault>,
    ) -> Option<T> {
        parse(&self.fields).map_err(|fault| self.mark(name, fault.says(w))).ok()
    }

    /// Marks a field.
    pub(super) fn mark(&mut self, name: &'static str, says: &'static str) {
        self.faults.push((name, says));
    }

    /// What was typed.
    pub(super) fn value(&self, name: &str) -> &str {
        self.fields.raw(name)
    }

    /// Whether this value was among those of a name.
    pub(super) fn has(&self, name: &str, value: impl AsRef<str>) -> bool {
        self.fields.all(name).any(|typed| typed == value.as_ref())
    }

    /// What is wrong with a field; empty where nothing is.
    pub(super) fn fault(&self, name: &str) -> &'static str {
        self.faults.iter().find(|fault| fault.0 == name).map_or("", |fault| fault.1)
    }

    /// Whether anything is wrong.
    pub(super) const fn is_wrong(&self) -> bool {
        !self.faults.is_empty()
    }

    /// What was typed, whole.
    pub(super) const fn fields(&self) -> &Fields {
        &self.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let fields = Fields::parse("a=1+2&b=%E7%8E%8B&a=3&c".as_bytes()).unwrap();
        assert_eq!(
            (fields.get("a"), fields.get("b"), fields.get("c"), fields.get("d")),
            ("1 2", "王", "", "")
        );
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1 2", "3"]);
        assert!(Fields::parse(b"a=%ff").is_none(), "not UTF-8");
        assert!(Fields::parse(b"a=%00").is_none(), "PostgreSQL's text holds no NUL");
        assert!(Fields::parse("a&".repeat(MOST + 1).as_bytes()).is_none(), "too many");
    }

    #[test]
    fn values_outside_their_limits_are_named() {
        let fields = Fields::parse(b"long=12345&bad=a%0Ab&day=2026-13-01").unwrap();
        assert_eq!(fields.needed("none", 4), Err(Fault::Empty));
        assert_eq!(fields.needed("long", 4), Err(Fault::Long));
        assert_eq!(fields.line("bad", 4), Err(Fault::Characters));
        assert_eq!(fields.day("day"), Err(Fault::Day));
        assert_eq!(fields.id("long"), Err(Fault::Choice));
    }

    proptest! {
        #[test]
        fn a_query_survives(pairs in prop::collection::vec(("[a-z]{1,5}", "[^\0]{1,20}"), 0..8)) {
            let fields = Fields(pairs);
            prop_assert_eq!(Fields::parse(fields.query_without(&[]).as_bytes()), Some(fields));
        }

        #[test]
        fn junk_is_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _: Option<Fields> = Fields::parse(&bytes);
        }
    }
}
