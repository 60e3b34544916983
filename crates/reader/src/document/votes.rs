//! Several pictures' word against one.

use std::collections::VecDeque;

use super::seen::{Seen, ShowAdvice, Sighting};

/// The latest sightings that count, and how many of them must say the same.
const LATEST: usize = 4;
const AGREEING: usize = 2;
/// A name is waited for until the number was seen this often.
const PATIENCE: usize = 4;
/// Advice is given after this many looks without an agreement, some two seconds.
const ADVICE_AFTER: usize = 4;
/// After this many looks with numbers and no agreement it is said that they do not agree.
const DISAGREEING: usize = 3;

/// The sightings of one document being shown. A number is agreed when two of the latest four give it and none gives another; the rest of
/// what was seen is agreed field by field among those. Personal: `Debug` shows counts only.
#[derive(Clone, Default)]
pub struct Votes {
    latest: VecDeque<Sighting>,
    agreed: Option<Seen>,
    looks: usize,
    numbers: usize,
}

impl Votes {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one look.
    pub fn add(&mut self, sighting: Sighting) {
        self.looks += 1;
        self.numbers += usize::from(matches!(sighting, Sighting::Seen(_)));
        self.latest.push_back(sighting);
        if self.latest.len() > LATEST {
            self.latest.pop_front();
        }
        self.agreed = self.agreement();
    }

    /// What the looks agree on, once they do. The name is `None` where they agree on the number alone; it is waited for a little.
    #[must_use]
    pub fn agreed(&self) -> Option<&Seen> {
        self.agreed.as_ref()
    }

    /// What to tell the holder when the looks have not agreed for a while: the commonest hindrance, or that they do not agree.
    #[must_use]
    pub fn disagree(&self) -> Option<ShowAdvice> {
        if self.agreed.is_some() || self.looks < ADVICE_AFTER {
            return None;
        }
        if self.numbers >= DISAGREEING && self.seen().next().is_some() {
            return Some(ShowAdvice::CantAgree);
        }
        let missed: Vec<ShowAdvice> = self.latest.iter().filter_map(missed).collect();
        missed.iter().copied().max_by_key(|advice| missed.iter().filter(|other| *other == advice).count())
    }

    fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.latest.iter().filter_map(|sighting| match sighting {
            Sighting::Seen(seen) => Some(&**seen),
            Sighting::Missed(_) => None,
        })
    }

    fn agreement(&self) -> Option<Seen> {
        let seen: Vec<&Seen> = self.seen().collect();
        let newest = *seen.last()?;
        if seen.len() < AGREEING || seen.iter().any(|other| other.document != newest.document) {
            return None;
        }
        let name = twice(&seen, |seen| seen.name.clone());
        let latin_name = twice(&seen, |seen| seen.latin_name.clone());
        let named = name.is_some() || latin_name.is_some();
        (named || self.numbers >= PATIENCE).then(|| Seen {
            document: newest.document.clone(),
            name,
            latin_name,
            sex: twice(&seen, |seen| seen.sex),
            birth: twice(&seen, |seen| seen.birth),
            expires: twice(&seen, |seen| seen.expires),
            source: newest.source,
        })
    }
}

impl std::fmt::Debug for Votes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let agreed = self.agreed.is_some();
        f.debug_struct("Votes").field("looks", &self.looks).field("agreed", &agreed).finish_non_exhaustive()
    }
}

fn missed(sighting: &Sighting) -> Option<ShowAdvice> {
    match sighting {
        Sighting::Missed(advice) => Some(*advice),
        Sighting::Seen(_) => None,
    }
}

/// The value that at least two give and nobody contradicts.
fn twice<T: PartialEq>(seen: &[&Seen], field: impl Fn(&Seen) -> Option<T>) -> Option<T> {
    let values: Vec<T> = seen.iter().filter_map(|seen| field(seen)).collect();
    let unanimous = values.windows(2).all(|pair| pair[0] == pair[1]);
    if unanimous && values.len() >= AGREEING { values.into_iter().next() } else { None }
}
