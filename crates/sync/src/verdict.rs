//! What central's answer to a batch means. Nothing is believed that contradicts what was sent or itself.

use crate::call_error::BadAnswer;
use crate::store::Answer;
use protocol::batch::{BatchAnswer, EventAnswer, Outcome, Reason};
use uuid::Uuid;

/// An event as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) sequence: u64,
    pub(crate) event: Uuid,
    /// Why something that isn't an event was sent in its place, so that its place is taken and the ones behind it go on.
    pub(crate) withheld: Option<Reason>,
}

/// What an answer means.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// What the store is to keep. Who only stands behind another one is left out.
    pub(crate) answers: Vec<Answer>,
    /// How many have their answer for good.
    pub(crate) settled: usize,
    /// Whose blobs central hasn't.
    pub(crate) blob_missing: Vec<Uuid>,
    /// The mark behind which central has lost events that it had acknowledged.
    pub(crate) lost_behind: Option<u64>,
}

/// Holds the answer against what was sent.
///
/// An event that took effect lies at or below the mark, because central takes none behind a gap. The lowest event that
/// is to be offered again lies right behind the mark: everything below it was acknowledged before, or in this batch.
pub(crate) fn judge(sent: &[Sent], answer: &BatchAnswer) -> Result<Verdict, BadAnswer> {
    if sent.len() != answer.events.len() {
        return Err(BadAnswer::NotAsked);
    }
    let mut verdict = Verdict::default();
    let mut lowest_again = None;
    for (sent, answered) in sent.iter().zip(&answer.events) {
        if sent.event != answered.event_id {
            return Err(BadAnswer::NotAsked);
        }
        match answered.outcome {
            Outcome::Retry => {
                lowest_again =
                    Some(lowest_again.map_or(sent.sequence, |lowest: u64| lowest.min(sent.sequence)));
                verdict.again(answered);
            }
            Outcome::Applied | Outcome::Duplicate if sent.sequence > answer.mark => {
                return Err(BadAnswer::Contradiction);
            }
            Outcome::Applied | Outcome::Duplicate | Outcome::Rejected => verdict.settle(sent, answered),
        }
    }
    verdict.lost_behind =
        lowest_again.filter(|lowest| answer.mark.saturating_add(1) < *lowest).map(|_| answer.mark);
    Ok(verdict)
}

impl Verdict {
    fn again(&mut self, answered: &EventAnswer) {
        if answered.reason == Some(Reason::BlobMissing) {
            self.blob_missing.push(answered.event_id);
        }
        if answered.reason != Some(Reason::Gap) {
            self.answers.push(Answer {
                event: answered.event_id,
                outcome: Outcome::Retry,
                reason: answered.reason,
            });
        }
    }

    /// Something that was sent in an event's place can't have taken effect for it: that event is rejected, for our reason.
    fn settle(&mut self, sent: &Sent, answered: &EventAnswer) {
        let (outcome, reason) = match (sent.withheld, answered.outcome) {
            (Some(reason), Outcome::Applied | Outcome::Rejected) => (Outcome::Rejected, Some(reason)),
            (_, outcome) => (outcome, answered.reason),
        };
        self.settled += 1;
        self.answers.push(Answer { event: sent.event, outcome, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sent(sequence: u64) -> Sent {
        Sent { sequence, event: Uuid::from_u128(u128::from(sequence)), withheld: None }
    }

    fn answered(sequence: u64, outcome: Outcome, reason: Option<Reason>) -> EventAnswer {
        EventAnswer { event_id: Uuid::from_u128(u128::from(sequence)), outcome, reason }
    }

    #[test]
    fn an_event_above_the_mark_has_not_taken_effect() {
        let events = vec![answered(5, Outcome::Applied, None)];
        assert_eq!(judge(&[sent(5)], &BatchAnswer { mark: 4, events }), Err(BadAnswer::Contradiction));
    }

    #[test]
    fn a_lower_mark_tells_what_was_lost() {
        let events = vec![answered(5, Outcome::Retry, Some(Reason::Gap))];
        let verdict = judge(&[sent(5)], &BatchAnswer { mark: 2, events: events.clone() }).unwrap();
        assert_eq!((verdict.lost_behind, verdict.settled, verdict.answers.len()), (Some(2), 0, 0));
        let verdict = judge(&[sent(5)], &BatchAnswer { mark: 4, events }).unwrap();
        assert_eq!(verdict.lost_behind, None);
    }

    #[test]
    fn what_was_withheld_is_parked_and_never_acknowledged() {
        let withheld = Sent { withheld: Some(Reason::TooLarge), ..sent(1) };
        for outcome in [Outcome::Applied, Outcome::Rejected] {
            let events = vec![answered(1, outcome, Some(Reason::Unreadable))];
            let verdict = judge(&[withheld], &BatchAnswer { mark: 1, events }).unwrap();
            assert_eq!(verdict.answers[0].outcome, Outcome::Rejected);
            assert_eq!(verdict.answers[0].reason, Some(Reason::TooLarge));
        }
    }

    fn outcomes() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Applied),
            Just(Outcome::Duplicate),
            Just(Outcome::Rejected),
            Just(Outcome::Retry)
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_acknowledged_that_central_has_not(
            mark in 0u64..12,
            first in 1u64..6,
            given in proptest::collection::vec((1u64..12, outcomes()), 0..8),
        ) {
            let batch: Vec<_> = (first..first + given.len() as u64).map(sent).collect();
            let events = given.iter().map(|(id, outcome)| answered(*id, *outcome, None)).collect();
            if let Ok(verdict) = judge(&batch, &BatchAnswer { mark, events }) {
                for (sent, (id, outcome)) in batch.iter().zip(&given) {
                    prop_assert_eq!(sent.sequence, *id);
                    let kept = verdict.answers.iter().find(|answer| answer.event == sent.event);
                    prop_assert_eq!(kept.map(|answer| answer.outcome), Some(*outcome));
                    prop_assert!(!matches!(outcome, Outcome::Applied | Outcome::Duplicate) || sent.sequence <= mark);
                }
                prop_assert!(verdict.lost_behind.is_none_or(|behind| behind == mark));
            }
        }
    }
}
