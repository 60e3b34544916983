//! How a booth becomes a device: once, by an invitation, and safely again where the answer was lost.

use crate::call_error::{BadAnswer, CallError, ClientError};
use crate::clock::Clock;
use crate::fault::blocking;
use crate::pins::{Pins, sha256};
use crate::random::{NoRandomness, Random, key};
use crate::settings::Settings;
use crate::store::{Enrolment, Store, StoreFault};
use crate::transport::{Request, Transport, parse};
use domain::BoothNumber;
use protocol::Key;
use protocol::enrolment::{Enrol, Enrolled, Invitation};
use reqwest::Method;
use std::sync::Arc;
use uuid::Uuid;

/// Why a booth could not enrol. It may be tried again with the same invitation, unless central says that the code isn't good.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The client can't be set up.
    #[error("the client can't be set up")]
    Client(#[from] ClientError),
    /// No key could be drawn.
    #[error("no key could be drawn")]
    Random(#[from] NoRandomness),
    /// The enrolment can't be kept.
    #[error("the enrolment can't be kept")]
    Store(#[from] StoreFault),
    /// Central could not be asked, or refused.
    #[error("central did not enrol the booth")]
    Call(#[from] CallError),
}

/// Enrols the booth and keeps what it is from now on.
///
/// The key is kept before it is sent, so that the same one is offered again after a lost answer or a loss of power: as the next
/// key of a booth that is a device already, which stays one until central has answered, and otherwise in an enrolment without a
/// device ([`Enrolment::is_complete`]).
///
/// # Errors
/// [`EnrolError`]; a booth that was a device still is that one.
pub async fn enrol(
    invitation: &Invitation,
    booth_number: BoothNumber,
    store: Arc<dyn Store>,
    settings: &Settings,
    clock: Arc<dyn Clock>,
    random: &dyn Random,
) -> Result<Enrolment, EnrolError> {
    let transport = Transport::new(invitation.address(), Pins::new(vec![invitation.pin()]), settings, clock)?;
    let key = kept_key(invitation, &store, random).await?;
    let enrol = Enrol {
        code: invitation.code().to_owned(),
        key_sha256: sha256(&key.0),
        booth_number: booth_number.number(),
        software: settings.software.clone(),
    };
    let request = Request::new(Method::POST, &["enrolment"]).json(&enrol)?;
    let enrolled: Enrolled = parse(&transport.send(&request, None).await?)?;
    let enrolment = complete(invitation, key, enrolled);
    if !enrolment.is_complete() {
        return Err(CallError::BadAnswer(BadAnswer::Contradiction).into());
    }
    let kept = enrolment.clone();
    blocking(&store, move |store| store.save_enrolment(&kept)).await?;
    Ok(enrolment)
}

fn complete(invitation: &Invitation, key: Key, enrolled: Enrolled) -> Enrolment {
    let pins = if enrolled.pins.is_empty() { vec![invitation.pin()] } else { enrolled.pins };
    Enrolment {
        address: invitation.address().to_owned(),
        device: enrolled.device_id,
        key,
        next_key: None,
        pins,
        campus: enrolled.campus,
        name: enrolled.name,
    }
}

/// The key of an attempt that had no answer, or a new one, kept durably.
async fn kept_key(
    invitation: &Invitation,
    store: &Arc<dyn Store>,
    random: &dyn Random,
) -> Result<Key, EnrolError> {
    let earlier = blocking(store, |store| store.enrolment()).await?;
    let (kept, key) = match earlier {
        Some(Enrolment { next_key: Some(next), .. }) => return Ok(next),
        Some(device) if device.is_complete() => {
            let next = key(random)?;
            (Enrolment { next_key: Some(next), ..device }, next)
        }
        Some(attempt) if attempt.address == invitation.address() => return Ok(attempt.key),
        _ => {
            let key = key(random)?;
            (without_device(invitation, key), key)
        }
    };
    blocking(store, move |store| store.save_enrolment(&kept)).await?;
    Ok(key)
}

fn without_device(invitation: &Invitation, key: Key) -> Enrolment {
    Enrolment {
        address: invitation.address().to_owned(),
        device: Uuid::nil(),
        key,
        next_key: None,
        pins: vec![invitation.pin()],
        campus: String::new(),
        name: String::new(),
    }
}
