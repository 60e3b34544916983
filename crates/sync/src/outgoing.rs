//! Which of the waiting events go into the next batch, and in what form.

use crate::store::Pending;
use crate::verdict::Sent;
use protocol::batch::{Batch, Envelope, Reason};
use protocol::{Digest, LARGEST_BODY, LARGEST_EVENT};
use serde_json::value::RawValue;
use std::collections::HashMap;
use uuid::Uuid;

/// What an envelope needs in a body beside its event: field names, a sequence of 20 digits, a UUID, a comma.
const ENVELOPE: usize = 128;

/// What a batch needs beside its envelopes.
const FRAME: usize = 256;

/// How many of the window's first events fit into one batch: of one epoch, `limit` at most, within a body's size, and each
/// with its blob where `is_ready` says so.
pub(crate) fn ready(window: &[Pending], limit: usize, is_ready: impl Fn(&Digest) -> bool) -> usize {
    let mut bytes = FRAME;
    let fits = |pending: &&Pending| {
        bytes += ENVELOPE + pending.json.as_ref().map_or(0, Vec::len);
        let first = &window[0];
        let alone = std::ptr::eq(*pending, first);
        pending.epoch == first.epoch
            && (alone || bytes <= LARGEST_BODY)
            && pending.blob.as_ref().is_none_or(&is_ready)
    };
    window.iter().take(limit).take_while(fits).count()
}

/// The batch of these events, and what it holds. `None` where there are none.
///
/// In the place of an event that central can't take goes an empty object, which central rejects as unreadable: its place in the
/// sequence is taken, the booth parks it, and the events behind it go on.
pub(crate) fn batch(
    events: &[Pending],
    withheld: &HashMap<Uuid, Reason>,
    instance: Uuid,
) -> Option<(Batch, Vec<Sent>)> {
    let epoch = events.first()?.epoch;
    let (envelopes, sent) =
        events.iter().map(|event| envelope(event, withheld.get(&event.event).copied())).unzip();
    Some((Batch { epoch, instance, events: envelopes }, sent))
}

fn envelope(pending: &Pending, withheld: Option<Reason>) -> (Envelope, Sent) {
    let (event, withheld) = match (withheld, &pending.json) {
        (Some(reason), _) => (Some(nothing()), Some(reason)),
        (None, None) => (None, None),
        (None, Some(json)) => match read(json) {
            Ok(event) => (Some(event), None),
            Err(reason) => (Some(nothing()), Some(reason)),
        },
    };
    let (sequence, event_id) = (pending.sequence, pending.event);
    (Envelope { sequence, event_id, event }, Sent { sequence, event: event_id, withheld })
}

/// The event's JSON as it is kept. Only what is no JSON at all, or larger than any event, is found out here; the rest central judges.
fn read(json: &[u8]) -> Result<Box<RawValue>, Reason> {
    if json.len() > LARGEST_EVENT {
        return Err(Reason::TooLarge);
    }
    let text = String::from_utf8(json.to_vec()).map_err(|_| Reason::Unreadable)?;
    RawValue::from_string(text).map_err(|_| Reason::Unreadable)
}

fn nothing() -> Box<RawValue> {
    serde_json::value::to_raw_value(&serde_json::Map::new()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use protocol::Epoch;

    fn pending(sequence: u64, epoch: u8, json: Vec<u8>) -> Pending {
        let event = Uuid::from_u128(u128::from(sequence) + 1);
        Pending { epoch: Epoch([epoch; 16]), sequence, event, json: Some(json), blob: None }
    }

    proptest! {
        #[test]
        fn a_batch_is_within_its_limits(sizes in proptest::collection::vec((0u8..2, 0usize..80_000), 1..300), limit in 1usize..250) {
            let window: Vec<_> = sizes.iter().enumerate()
                .map(|(at, (epoch, size))| pending(at as u64, *epoch, format!("\"{}\"", "x".repeat(*size)).into_bytes()))
                .collect();
            let count = ready(&window, limit, |_| true);
            prop_assert!((1..=limit).contains(&count));
            let (batch, sent) = batch(&window[..count], &HashMap::new(), Uuid::from_u128(7)).unwrap();
            prop_assert!(serde_json::to_vec(&batch).unwrap().len() <= LARGEST_BODY);
            prop_assert!(window[..count].iter().all(|event| event.epoch == batch.epoch));
            prop_assert_eq!(sent.len(), count);
        }

        #[test]
        fn whatever_is_kept_has_an_envelope(json in any::<Vec<u8>>()) {
            let (envelope, sent) = envelope(&pending(1, 0, json.clone()), None);
            let raw = envelope.event.unwrap();
            match sent.withheld {
                Some(_) => prop_assert_eq!(raw.get(), "{}"),
                None => prop_assert!(serde_json::from_slice::<serde_json::Value>(&json).is_ok()),
            }
        }
    }

    #[test]
    fn an_event_without_its_blob_holds_up_those_behind_it() {
        let mut window: Vec<_> = (0..3).map(|at| pending(at, 0, b"{}".to_vec())).collect();
        window[1].blob = Some(Digest([1; 32]));
        assert_eq!(ready(&window, 10, |_| false), 1);
        assert_eq!(ready(&window, 10, |_| true), 3);
    }

    #[test]
    fn a_purged_event_is_sent_as_its_place_only() {
        let purged = Pending { json: None, ..pending(1, 0, Vec::new()) };
        let (envelope, sent) = envelope(&purged, None);
        assert!(envelope.event.is_none() && sent.withheld.is_none());
    }
}
