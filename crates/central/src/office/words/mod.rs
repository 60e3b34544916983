//! What the pages say, in both languages: a key is a field of [`Words`], so that a missing one doesn't compile.

mod names;
mod table;

pub(super) use names::{document_kind, fault, measure};
pub(super) use table::Words;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Chinese, unless somebody chooses otherwise.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language with this code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        match code {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// As it stands in the cookie.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// As HTML's `lang` has it.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The other one, for the switch.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// What the pages say in it.
    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::Zh => &table::ZH,
            Self::En => &table::EN,
        }
    }

    /// The one of two texts.
    pub(super) fn choose<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
