//! Random ways through the ledger: whatever is asked in whatever order, every commit leaves a file in which all rules hold, and a
//! refused change leaves the file as it was.

use crate::support::{self, Campus, broken_rule, by, now};
use domain::payment::{self, Means};
use domain::programme::Approval;
use domain::{OrderId, order, print_job};
use ledger::{
    Actor, CommandAction, Decision, Delivery, DirectoryChange, EventOutcome, Ledger, PrintJobChange, Result,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Place { person: u32, approval: Approval, means: Means, delivery: Delivery },
    Serve { person: u32, approval: Approval },
    PrintAll { order: usize },
    Draft { person: u32 },
    PlaceDraft { order: usize },
    Pay { order: usize, newest: usize, event: payment::Event },
    Shoot { order: usize, passes: bool },
    Accept { order: usize, shot: usize },
    Print { order: usize, job: usize, event: print_job::Event },
    Cancel { order: usize },
    Expire,
    Review { order: usize, decision: Decision },
    Reshoot { order: usize },
    PayOnline { order: usize },
    PayAtCounter { order: usize },
    HandOut { order: usize },
    Reprint { order: usize, person: u32 },
    AskDeletion { order: usize },
    CentralReview { order: usize, decision: Decision },
    CentralRefund { order: usize, done: bool },
    CentralReprint { order: usize, id: u8 },
    Acknowledge,
    Park,
    OfferAgain { mark: u64 },
    Purge,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let order = 0usize..4;
    let approval = || prop::sample::select(Approval::ALL);
    let delivery = prop_oneof![2 => Just(Delivery::here()), 1 => Just(support::posted()), 1 => Just(support::at_counter())];
    let means = prop_oneof![3 => Just(Means::Counter), 1 => Just(Means::School)];
    let pay = prop_oneof![6 => Just(payment::Event::Settle), 4 => prop::sample::select(payment::Event::ALL)];
    let decision = prop_oneof![Just(Decision::Approve), Just(Decision::Reject)];
    prop_oneof![
        5 => (1u32..6, approval()).prop_map(|(person, approval)| Step::Serve { person, approval }),
        3 => order.clone().prop_map(|order| Step::PrintAll { order }),
        6 => (1u32..6, approval(), means, delivery).prop_map(|(person, approval, means, delivery)| {
            Step::Place { person, approval, means, delivery }
        }),
        2 => (1u32..6).prop_map(|person| Step::Draft { person }),
        2 => order.clone().prop_map(|order| Step::PlaceDraft { order }),
        6 => (order.clone(), 0usize..2, pay).prop_map(|(order, newest, event)| Step::Pay { order, newest, event }),
        8 => (order.clone(), any::<bool>()).prop_map(|(order, passes)| Step::Shoot { order, passes }),
        8 => (order.clone(), 0usize..3).prop_map(|(order, shot)| Step::Accept { order, shot }),
        8 => (order.clone(), 0usize..2, prop::sample::select(print_job::Event::ALL))
            .prop_map(|(order, job, event)| Step::Print { order, job, event }),
        2 => order.clone().prop_map(|order| Step::Cancel { order }),
        1 => Just(Step::Expire),
        4 => (order.clone(), decision).prop_map(|(order, decision)| Step::Review { order, decision }),
        2 => order.clone().prop_map(|order| Step::Reshoot { order }),
        3 => order.clone().prop_map(|order| Step::PayOnline { order }),
        1 => order.clone().prop_map(|order| Step::PayAtCounter { order }),
        3 => order.clone().prop_map(|order| Step::HandOut { order }),
        3 => (order.clone(), 1u32..6).prop_map(|(order, person)| Step::Reprint { order, person }),
        1 => order.clone().prop_map(|order| Step::AskDeletion { order }),
        3 => (order.clone(), prop_oneof![Just(Decision::Approve), Just(Decision::Reject)])
            .prop_map(|(order, decision)| Step::CentralReview { order, decision }),
        3 => (order.clone(), any::<bool>()).prop_map(|(order, done)| Step::CentralRefund { order, done }),
        3 => (order, 0u8..9).prop_map(|(order, id)| Step::CentralReprint { order, id }),
        1 => Just(Step::Park),
        1 => (0u64..9).prop_map(|mark| Step::OfferAgain { mark }),
        1 => Just(Step::Acknowledge),
        1 => Just(Step::Purge),
        1 => Just(Step::Reopen),
    ]
}

/// The `back`th newest order, if there are so many.
fn newest(orders: &[OrderId], back: usize) -> Option<OrderId> {
    orders.iter().rev().nth(back).copied()
}

/// Central says something about an order; its photo, and its newest trade, if there are such.
fn central(ledger: &Ledger, order: OrderId, step: &Step) -> Result<()> {
    let change = match step {
        Step::CentralReview { decision, .. } => ledger.read().order(order)?.photo.map(|photo| {
            DirectoryChange::Review { order, photo, decision: *decision, reason: "闭眼".into() }
        }),
        Step::CentralRefund { done, .. } => ledger
            .read()
            .online_payments_of(order)?
            .pop()
            .map(|trade| DirectoryChange::Refund { trade_number: trade.trade_number, done: *done }),
        Step::CentralReprint { id, .. } => {
            let (until, action) = (now().plus_ms(60_000), CommandAction::Reprint(order));
            Some(DirectoryChange::Command { id: [*id; 16], until, action })
        }
        _ => None,
    };
    let new_job = || domain::PrintJobId::new(now(), support::fresh());
    let changes: Vec<_> = change.into_iter().collect();
    ledger.take_directory(&changes, 1, now(), &new_job).map(drop)
}

fn on_order(ledger: &Ledger, id: OrderId, step: &Step) -> Result<()> {
    match step {
        Step::PlaceDraft { .. } => support::place_draft(ledger, id).map(drop),
        Step::Pay { event, newest, .. } => match ledger.read().payments_of(id)?.iter().rev().nth(*newest) {
            Some(payment) => support::pay(ledger, payment.id, *event).map(drop),
            None => Ok(()),
        },
        Step::PayOnline { .. } => support::open_online(ledger, id),
        Step::PayAtCounter { .. } => ledger.reopen_counter(id, support::payment(Means::Counter), now()),
        Step::HandOut { .. } => ledger.hand_out(id, by(Actor::Staff)).map(drop),
        Step::AskDeletion { .. } => {
            let person = ledger.read().order(id)?.person;
            ledger.request_deletion(person, &support::event("deletion_requested"), now()).map(drop)
        }
        Step::Shoot { passes, .. } => support::shoot(ledger, id, *passes).map(drop),
        Step::Accept { shot, .. } => match ledger.read().photos_of(id)?.iter().rev().nth(*shot) {
            Some(photo) => support::accept(ledger, id, photo.id).map(drop),
            None => Ok(()),
        },
        Step::Print { job, event, .. } => match ledger.read().print_jobs_of(id)?.iter().rev().nth(*job) {
            Some(job) => {
                let change =
                    PrintJobChange { id: job.id, event: *event, fault: Some("jam"), printer_job: None };
                ledger.move_print_job(&change, by(Actor::Booth)).map(drop)
            }
            None => Ok(()),
        },
        Step::PrintAll { .. } => print_what_can_be(ledger, id),
        Step::Cancel { .. } => ledger.cancel_order(id, None, by(Actor::Student)).map(drop),
        Step::Review { decision, .. } => {
            ledger.review_order(id, *decision, None, by(Actor::Central)).map(drop)
        }
        Step::Reshoot { .. } => ledger.reshoot(id, by(Actor::Student)).map(drop),
        _ => Ok(()),
    }
}

fn print_what_can_be(ledger: &Ledger, id: OrderId) -> Result<()> {
    use print_job::{Event, State};
    for job in ledger.read().print_jobs_of(id)?.iter().filter(|job| job.state == State::Queued) {
        for event in [Event::Send, Event::Taken, Event::Finish] {
            let change = PrintJobChange { id: job.id, event, fault: None, printer_job: None };
            ledger.move_print_job(&change, by(Actor::Booth))?;
        }
    }
    Ok(())
}

/// A student's whole way up to the accepted photo.
fn serve(ledger: &Ledger, orders: &mut Vec<OrderId>, person: u32, approval: Approval) -> Result<()> {
    let (id, payment) = support::place(ledger, person, approval, Means::Counter)?;
    orders.push(id);
    support::pay(ledger, payment, payment::Event::Settle)?;
    let photo = support::shoot(ledger, id, true)?;
    support::accept(ledger, id, photo).map(drop)
}

fn perform(ledger: &Ledger, orders: &mut Vec<OrderId>, step: &Step) -> Result<()> {
    match step {
        Step::Place { person, approval, means, delivery } => {
            orders.push(support::place_with(ledger, *person, *approval, *means, delivery, None)?.0);
            Ok(())
        }
        Step::Reprint { order, person } => {
            if let Some(of) = newest(orders, *order) {
                orders.push(support::reprint(ledger, *person, of)?.0);
            }
            Ok(())
        }
        Step::Draft { person } => {
            orders.push(support::draft(ledger, *person)?);
            Ok(())
        }
        Step::Serve { person, approval } => serve(ledger, orders, *person, *approval),
        Step::Expire => ledger.expire_orders(now(), now(), &support::ended).map(drop),
        Step::Acknowledge => {
            support::acknowledge_all(ledger);
            Ok(())
        }
        Step::Park => {
            let waiting = ledger.read().outbox_pending(1)?;
            let parked: Vec<_> =
                waiting.iter().map(|event| (event.id, EventOutcome::Parked("gap"))).collect();
            ledger.record_answers(&parked, now())
        }
        Step::OfferAgain { mark } => {
            let epoch = ledger.read().epoch()?;
            ledger.offer_again(epoch, *mark, now()).map(drop)
        }
        Step::Purge => ledger.purge(now(), now()).map(drop),
        Step::CentralReview { order, .. }
        | Step::CentralRefund { order, .. }
        | Step::CentralReprint { order, .. } => {
            newest(orders, *order).map_or(Ok(()), |id| central(ledger, id, step))
        }
        Step::PlaceDraft { order }
        | Step::Pay { order, .. }
        | Step::Shoot { order, .. }
        | Step::Accept { order, .. }
        | Step::Print { order, .. }
        | Step::Cancel { order }
        | Step::PrintAll { order }
        | Step::Review { order, .. }
        | Step::PayOnline { order }
        | Step::PayAtCounter { order }
        | Step::HandOut { order }
        | Step::AskDeletion { order }
        | Step::Reshoot { order } => newest(orders, *order).map_or(Ok(()), |id| on_order(ledger, id, step)),
        Step::Reopen => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_commit_keeps_every_rule(steps in prop::collection::vec(step(), 20..60)) {
        let mut campus = Campus::new();
        let mut orders = Vec::new();
        for step in &steps {
            if matches!(step, Step::Reopen) {
                campus = campus.reopen();
                continue;
            }
            let before = campus.ledger.read().audit_head().unwrap();
            let result = perform(&campus.ledger, &mut orders, step);
            prop_assert_eq!(broken_rule(&campus.path()), None, "after {:?}", step);
            if result.is_err() {
                prop_assert_eq!(campus.ledger.read().audit_head().unwrap(), before, "{:?} was refused", step);
            }
        }
        campus.ledger.read().check().unwrap();
        for id in orders {
            let order = campus.ledger.read().order(id).unwrap();
            let open = campus.ledger.read().describe_order(id).unwrap();
            prop_assert_eq!(open.settled, !matches!(order.state, order::State::Draft | order::State::AwaitingPayment
                | order::State::Cancelled | order::State::Expired), "what is settled was paid: {:?}", order.state);
        }
    }
}
