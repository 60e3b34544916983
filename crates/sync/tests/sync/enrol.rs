//! A booth becomes a device.

use crate::bench::{Dice, Sky, Sundial, run, settings, until};
use crate::central::{CODE, DEVICE, hash};
use crate::server::{Fault, Server, certificate};
use crate::store::Memory;
use domain::BoothNumber;
use protocol::Digest;
use protocol::enrolment::Invitation;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use sync::{CallError, EnrolError, Enrolment, Store};

struct Booth {
    server: Server,
    pin: Digest,
    store: Arc<Memory>,
    dice: Dice,
}

async fn booth() -> Booth {
    let (server, pin) = Server::start().await;
    server.central.state.lock().pins = vec![pin];
    let store = Arc::new(Memory::new(&server.central));
    Booth { server, pin, store, dice: Dice(AtomicU64::new(3)) }
}

impl Booth {
    async fn enrol(&self, code: &str, pin: Digest) -> Result<Enrolment, EnrolError> {
        let invitation = Invitation::new(&self.server.url(), code, pin).unwrap();
        let store = Arc::clone(&self.store) as Arc<dyn Store>;
        let clock = Arc::new(Sundial(Sky::new(Duration::ZERO)));
        sync::enrol(&invitation, BoothNumber::new(38).unwrap(), store, &settings(), clock, &self.dice).await
    }

    fn kept(&self) -> Option<Enrolment> {
        self.store.rows.lock().enrolment.clone()
    }
}

#[tokio::test]
async fn a_booth_enrols_and_works() {
    let booth = booth().await;
    let enrolment = booth.enrol(CODE, booth.pin).await.unwrap();
    assert!(enrolment.device == DEVICE && enrolment.campus == "north" && enrolment.is_complete());
    assert_eq!(booth.kept().as_ref(), Some(&enrolment));
    assert_eq!(booth.server.central.state.lock().key, Some(hash(&enrolment.key.0)));
    booth.store.write("order", None);
    let sky = Sky::new(Duration::from_secs(600));
    let running = run(&(Arc::clone(&booth.store) as Arc<dyn Store>), &sky, settings());
    until(|| booth.store.waiting() == 0).await;
    running.stop().await;
}

#[tokio::test]
async fn a_lost_answer_is_repeated_with_the_same_key() {
    let booth = booth().await;
    booth.server.script(|_| Fault::DropAnswer);
    assert!(matches!(booth.enrol(CODE, booth.pin).await, Err(EnrolError::Call(CallError::Unreachable(_)))));
    let attempt = booth.kept().unwrap();
    assert!(!attempt.is_complete());
    booth.server.script(|_| Fault::None);
    let enrolment = booth.enrol(CODE, booth.pin).await.unwrap();
    assert_eq!(enrolment.key, attempt.key);
}

#[tokio::test]
async fn an_attempt_is_no_enrolment() {
    let booth = booth().await;
    booth.server.script(|_| Fault::DropAnswer);
    assert!(booth.enrol(CODE, booth.pin).await.is_err());
    let asked = booth.server.central.state.lock().requests.len();
    let running =
        run(&(Arc::clone(&booth.store) as Arc<dyn Store>), &Sky::new(Duration::from_secs(600)), settings());
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(booth.server.central.state.lock().requests.len(), asked);
    running.stop().await;
}

#[tokio::test]
async fn an_answer_that_could_not_be_kept_is_asked_for_again() {
    let booth = booth().await;
    booth.store.failing.store(1, Ordering::SeqCst);
    assert!(matches!(booth.enrol(CODE, booth.pin).await, Err(EnrolError::Store(_))));
    assert_eq!(booth.server.central.state.lock().requests.len(), 0, "no key is sent that isn't kept");
    assert!(booth.enrol(CODE, booth.pin).await.is_ok());
}

#[tokio::test]
async fn a_device_stays_one_until_another_central_has_answered() {
    let booth = booth().await;
    let first = booth.enrol(CODE, booth.pin).await.unwrap();
    let refused = booth.enrol("AAAA-BBBB-CCCC-DDDD-EEEE", booth.pin).await;
    assert!(matches!(refused, Err(EnrolError::Call(CallError::Refused { .. }))));
    let kept = booth.kept().unwrap();
    assert_eq!((kept.device, kept.key), (first.device, first.key));
    booth.server.central.state.lock().used_code = None;
    let second = booth.enrol(CODE, booth.pin).await.unwrap();
    assert_eq!((Some(second.key), second.next_key), (kept.next_key, None));
}

#[tokio::test]
async fn nobody_else_is_told_the_code() {
    let booth = booth().await;
    let mismatch = booth.enrol(CODE, certificate().1).await;
    assert!(matches!(mismatch, Err(EnrolError::Call(CallError::PinMismatch))));
    assert_eq!(booth.server.central.state.lock().requests.len(), 0);
}
