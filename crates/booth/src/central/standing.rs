//! What central said that holds until it says otherwise, read from the ledger's values.

use crate::catalogue::{Sent, SentPrice};
use crate::view::Text;
use domain::UtcMillis;
use ledger::{DirectoryValue, ValueKind};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Something to be read on the welcome screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// The text in both languages.
    pub text: Text,
    /// From when it is shown, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    /// Until when it is shown.
    pub until_ms: i64,
}

impl Notice {
    fn holds(&self, now: UtcMillis) -> bool {
        (self.from_ms..self.until_ms).contains(&now.0)
    }
}

/// What holds.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    /// Programmes and prices.
    pub sent: Sent,
    /// Notices; those of other times too.
    pub notices: Vec<Notice>,
    /// The message to whoever stands here.
    pub message: Option<Notice>,
    /// Whether the booth takes no more students.
    pub closed: bool,
    /// Settings by their names.
    pub settings: Vec<(String, serde_json::Value)>,
}

impl Standing {
    /// Reads the ledger's values. One that can't be read (an older version wrote it) is passed over, by its kind in the log.
    pub fn of(values: &[DirectoryValue]) -> Self {
        let mut standing = Self::default();
        for value in values {
            if !standing.add(value) {
                tracing::warn!(kind = value.kind.as_str(), "a value of the directory can't be read");
            }
        }
        standing
    }

    fn add(&mut self, value: &DirectoryValue) -> bool {
        match value.kind {
            ValueKind::Programme => {
                into(value, |sent| drop(self.sent.programmes.insert(value.key.clone(), sent)))
            }
            ValueKind::Price => into(value, |price: SentPrice| self.sent.prices.push(price)),
            ValueKind::Notice => into(value, |notice| self.notices.push(notice)),
            ValueKind::Setting => into(value, |json| self.settings.push((value.key.clone(), json))),
            ValueKind::Message => into(value, |message| self.message = Some(message)),
            ValueKind::Closed => into(value, |closed| self.closed = closed),
        }
    }

    /// The notices of this time.
    pub fn notices_at(&self, now: UtcMillis) -> Vec<Text> {
        self.notices.iter().filter(|notice| notice.holds(now)).map(|notice| notice.text.clone()).collect()
    }

    /// The message, until its time is over.
    pub fn message_at(&self, now: UtcMillis) -> Option<Text> {
        self.message.as_ref().filter(|message| message.holds(now)).map(|message| message.text.clone())
    }
}

fn into<T: DeserializeOwned>(value: &DirectoryValue, keep: impl FnOnce(T)) -> bool {
    serde_json::from_str(&value.json).map(keep).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notices_have_their_time() {
        let text = Text { zh: "停机".into(), en: "Closed".into() };
        let notice = Notice { text: text.clone(), from_ms: 10, until_ms: 20 };
        let json = serde_json::to_string(&notice).unwrap();
        let value = |kind| DirectoryValue { kind, key: "k".into(), json: json.clone() };
        let standing = Standing::of(&[value(ValueKind::Notice), value(ValueKind::Message)]);
        for (now, shown) in [(9, 0), (10, 1), (19, 1), (20, 0)] {
            assert_eq!(standing.notices_at(UtcMillis(now)).len(), shown, "at {now}");
            assert_eq!(standing.message_at(UtcMillis(now)).is_some(), shown == 1, "at {now}");
        }
    }

    proptest! {
        #[test]
        fn junk_is_passed_over(kind in prop::sample::select(ValueKind::ALL.to_vec()), key in ".{0,20}", json in ".{0,60}") {
            let mut standing = Standing::of(&[DirectoryValue { kind, key, json }]);
            standing.settings.clear();
            standing.closed = false;
            prop_assert_eq!(standing, Standing::default());
        }
    }
}
