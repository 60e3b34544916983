use super::*;
use crate::time::UtcMillis;
use proptest::prelude::*;

fn order() -> OrderId {
    OrderId::new(UtcMillis(1), [1; 10])
}

fn photo(n: u8) -> PhotoId {
    PhotoId::new(UtcMillis(2), [n; 10])
}

fn way(pay_when: PayWhen) -> Way {
    Way { pay_when, shots: 3, collection_code: false, import: false }
}

fn coded(pay_when: PayWhen) -> Way {
    Way { collection_code: true, ..way(pay_when) }
}

/// Follows `events` from the attract screen and returns the states' names and the effects.
fn follow(events: &[Event]) -> (State, Vec<&'static str>, Vec<Effect>) {
    let (mut state, mut names, mut effects) = (State::Attract, vec![], vec![]);
    for &event in events {
        let (after, effect) = next(state, event).unwrap_or_else(|refused| panic!("{refused}"));
        state = after;
        names.push(state.name());
        effects.extend(effect);
    }
    (state, names, effects)
}

/// From the welcome screen to the confirmed details of somebody new.
fn to_details(way: Way) -> Vec<Event> {
    vec![
        Event::Start,
        Event::Choose(way),
        Event::GuidesRead { shown: true },
        Event::Newcomer,
        Event::Registered,
        Event::Agree,
        Event::DetailsConfirmed,
    ]
}

fn to_order(pay_when: PayWhen) -> Vec<Event> {
    to_details(way(pay_when))
}

fn shoot(photo: PhotoId) -> [Event; 4] {
    [Event::Ready, Event::Shoot, Event::CountdownElapsed, Event::ShotPassed(photo)]
}

#[test]
fn pay_first_goes_order_pay_shoot_print() {
    let mut events = to_order(PayWhen::BeforeShooting);
    events.extend([
        Event::PlaceOrder,
        Event::OrderPlaced { order: order(), settled: false },
        Event::PaymentSettled,
    ]);
    events.extend(shoot(photo(1)));
    events.extend([
        Event::Accept,
        Event::PhotoAccepted { in_review: false },
        Event::PrintsDone,
        Event::Finish,
    ]);
    let (state, names, effects) = follow(&events);
    assert_eq!(state, State::Attract, "the booth is free again");
    assert_eq!(names.iter().filter(|n| **n == "paying").count(), 1, "the student pays once");
    assert_eq!(
        effects,
        [
            Effect::PlaceOrder(Placing::New),
            Effect::CountDown,
            Effect::TakeShot(order()),
            Effect::AcceptPhoto(order(), photo(1)),
            Effect::ForgetStudent
        ]
    );
}

#[test]
fn shoot_first_pays_for_the_photo_that_was_chosen() {
    let mut events = to_order(PayWhen::AfterShooting);
    events.push(Event::OrderDrafted(order()));
    events.extend(shoot(photo(1)));
    events.extend([Event::Accept, Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: false }]);
    events.extend([Event::PaymentSettled, Event::PhotoAccepted { in_review: false }]);
    let (state, _, effects) = follow(&events);
    assert_eq!(state, State::Printing(order()));
    assert_eq!(effects[0], Effect::DraftOrder, "the shots of an unplaced order belong to a draft");
    assert!(
        effects.contains(&Effect::PlaceOrder(Placing::Draft(order()))),
        "the draft is placed, no second order is made"
    );
    assert_eq!(
        effects.last(),
        Some(&Effect::AcceptPhoto(order(), photo(1))),
        "the photo is committed after the money"
    );
}

#[test]
fn a_free_order_meets_no_payment_screen() {
    let mut events = to_order(PayWhen::BySchool);
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }]);
    assert_eq!(follow(&events).1.last(), Some(&"briefing"));
}

#[test]
fn three_failed_shots_call_a_person_and_keep_the_order() {
    let mut events = to_order(PayWhen::BySchool);
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }, Event::Ready]);
    for _ in 0..2 {
        events.extend([Event::Shoot, Event::CountdownElapsed, Event::ShotFailed, Event::Retake]);
    }
    events.extend([Event::Shoot, Event::CountdownElapsed, Event::ShotFailed]);
    assert_eq!(follow(&events).0, State::StaffNeeded(Some(order())));
}

#[test]
fn a_failed_last_shot_leaves_the_earlier_photo_to_accept() {
    let mut events = to_order(PayWhen::BySchool);
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }]);
    events.extend(shoot(photo(1)));
    for _ in 0..2 {
        events.extend([Event::Retake, Event::Shoot, Event::CountdownElapsed, Event::ShotFailed]);
    }
    events.extend([Event::Back, Event::Accept]);
    assert_eq!(follow(&events).2.last(), Some(&Effect::AcceptPhoto(order(), photo(1))));
}

#[test]
fn preferring_another_photo_of_the_burst_costs_no_shot() {
    let mut events = to_order(PayWhen::BySchool);
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }]);
    events.extend(shoot(photo(1)));
    let (before, ..) = follow(&events);
    events.push(Event::Prefer(photo(2)));
    let (after, ..) = follow(&events);
    let left = |state| match state {
        State::Reviewing { sitting, photo } => (sitting.shots_left, sitting.best, photo),
        other => panic!("{other:?} is no review"),
    };
    assert_eq!(left(after).0, left(before).0, "a burst is one shot");
    assert_eq!(
        (left(after).1, left(after).2),
        (Some(photo(2)), Some(photo(2))),
        "the preferred one is shown"
    );
    events.extend([Event::Retake, Event::Shoot, Event::CountdownElapsed, Event::ShotFailed, Event::Back]);
    events.push(Event::Accept);
    assert_eq!(follow(&events).2.last(), Some(&Effect::AcceptPhoto(order(), photo(2))), "and gone back to");
}

#[test]
fn nothing_is_preferred_where_no_photo_is_shown() {
    let failed = [Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }, Event::Ready];
    let mut events = to_order(PayWhen::BySchool);
    events.extend(failed);
    events.extend([Event::Shoot, Event::CountdownElapsed, Event::ShotFailed]);
    let (state, ..) = follow(&events);
    assert!(next(state, Event::Prefer(photo(1))).is_err(), "a failed shot has no alternatives");
}

#[test]
fn a_lost_shot_costs_nothing() {
    let mut events = to_order(PayWhen::BySchool);
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }, Event::Ready]);
    let (before, ..) = follow(&events);
    events.extend([Event::Shoot, Event::CountdownElapsed, Event::ShotLost]);
    assert_eq!(follow(&events).0, before, "a camera fault is not the student's shot");
}

fn resumed(resume: Resume) -> State {
    follow(&[
        Event::Start,
        Event::Choose(way(PayWhen::BeforeShooting)),
        Event::GuidesRead { shown: false },
        Event::Known,
        Event::Identified(resume),
    ])
    .0
}

#[test]
fn somebody_new_who_passed_over_the_guides_must_read_them() {
    let mut events = vec![Event::Start, Event::Choose(way(PayWhen::BySchool))];
    events.extend([Event::GuidesRead { shown: false }, Event::Newcomer]);
    let (state, ..) = follow(&events);
    assert_eq!(state.name(), "guiding", "they come first");
    assert!(next(state, Event::GuidesRead { shown: false }).is_err(), "and can't be passed over now");
    assert_eq!(next(state, Event::GuidesRead { shown: true }).unwrap().0.name(), "registering");
}

#[test]
fn somebody_known_passes_over_the_guides_and_agrees_to_a_new_order() {
    assert_eq!(resumed(Resume::New).name(), "consenting");
}

#[test]
fn a_collection_code_comes_between_details_and_order() {
    let mut events = to_details(coded(PayWhen::BeforeShooting));
    assert_eq!(follow(&events).0.name(), "coding");
    events.push(Event::CodeConfirmed);
    assert_eq!(follow(&events).0.name(), "ordering");
    events.push(Event::Back);
    assert_eq!(follow(&events).0.name(), "coding", "one step back is the code");
    let mut events = to_details(coded(PayWhen::AfterShooting));
    events.push(Event::CodeConfirmed);
    assert_eq!(follow(&events).2, [Effect::DraftOrder], "whoever shoots first shows it before too");
}

#[test]
fn a_picture_from_a_stick_is_a_shot_where_the_programme_allows_it() {
    let allowed = Way { import: true, ..way(PayWhen::BySchool) };
    let paid = [Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }];
    let mut events = to_details(allowed);
    events.extend(paid);
    events.extend([Event::OpenImport, Event::Import, Event::ShotPassed(photo(1))]);
    let (state, _, effects) = follow(&events);
    assert!(effects.contains(&Effect::CheckImport(order())), "the same checks");
    assert!(matches!(state, State::Reviewing { sitting, .. } if sitting.shots_left == 2), "it counts");
    let mut events = to_order(PayWhen::BySchool);
    events.extend(paid);
    assert!(next(follow(&events).0, Event::OpenImport).is_err(), "and nowhere else");
}

#[test]
fn a_reviewed_photo_waits_and_a_rejected_one_is_taken_again_for_nothing() {
    let mut events = to_details(way(PayWhen::BySchool));
    events.extend([Event::PlaceOrder, Event::OrderPlaced { order: order(), settled: true }]);
    events.extend(shoot(photo(1)));
    events.extend([Event::Accept, Event::PhotoAccepted { in_review: true }]);
    assert_eq!(follow(&events).0.name(), "approving");
    events.push(Event::Rejected);
    let (state, ..) = follow(&events);
    let State::Briefing(sitting) = state else { panic!("{state:?} is no briefing") };
    assert!(sitting.settled && sitting.shots_left == 3, "every shot again, nothing to pay");
    events.extend(shoot(photo(2)));
    events.extend([Event::Accept, Event::PhotoAccepted { in_review: true }, Event::Approved]);
    assert_eq!(follow(&events).0, State::Printing(order()));
}

#[test]
fn more_prints_are_ordered_paid_and_printed_without_a_shot() {
    let other = OrderId::new(UtcMillis(9), [9; 10]);
    let mut events = vec![Event::OpenAccount, Event::Known, Event::AccountOpened];
    events.extend([Event::Reprint(way(PayWhen::BeforeShooting), order()), Event::PlaceOrder]);
    events.push(Event::ReprintPlaced { order: other, photo: photo(3), settled: false });
    assert_eq!(follow(&events).0.name(), "paying");
    events.extend([Event::PaymentSettled, Event::PhotoAccepted { in_review: false }]);
    let (state, _, effects) = follow(&events);
    assert_eq!(state, State::Printing(other), "an approved photo needs no second review");
    assert_eq!(
        effects,
        [Effect::PlaceOrder(Placing::Reprint(order())), Effect::AcceptPhoto(other, photo(3))]
    );
}

#[test]
fn my_orders_lead_on_with_an_order_and_never_to_a_new_one() {
    let account = [Event::OpenAccount, Event::Known, Event::AccountOpened];
    let (state, ..) = follow(&account);
    let way = way(PayWhen::BeforeShooting);
    assert!(next(state, Event::ResumeOrder(way, Resume::New)).is_err());
    let progress = Progress { shots_taken: 0, candidate: None, settled: true, reprint: false };
    let (state, _) = next(state, Event::ResumeOrder(way, Resume::Open(order(), progress))).unwrap();
    assert_eq!(state.name(), "briefing");
}

#[test]
fn more_prints_that_are_not_paid_can_be_given_up_now_or_later() {
    let mut events = vec![Event::OpenAccount, Event::Known, Event::AccountOpened];
    let way = way(PayWhen::BeforeShooting);
    let other = OrderId::new(UtcMillis(3), [3; 10]);
    events.push(Event::Reprint(way, order()));
    events.push(Event::ReprintPlaced { order: other, photo: photo(3), settled: false });
    let given_up = Ok((State::Account, Some(Effect::CancelOrder(other))));
    assert_eq!(next(follow(&events).0, Event::Back), given_up);
    let progress = Progress { shots_taken: 1, candidate: Some(photo(3)), settled: false, reprint: true };
    let later = resumed(Resume::Unpaid(other, progress));
    assert_eq!(next(later, Event::Back), given_up, "after an interruption too");
    let (paid, _) = next(later, Event::PaymentSettled).unwrap();
    assert!(next(paid, Event::Retake).is_err(), "no shot is left to replace an approved photo");
}

#[test]
fn an_interrupted_order_resumes_where_it_was() {
    let progress =
        |shots_taken, candidate| Progress { shots_taken, candidate, settled: true, reprint: false };
    for (resume, expect) in [
        (Resume::Unpaid(order(), Progress { settled: false, ..progress(0, None) }), "paying"),
        (Resume::Open(order(), progress(0, None)), "briefing"),
        (Resume::Open(order(), progress(2, Some(photo(1)))), "reviewing"),
        (Resume::Open(order(), progress(3, None)), "staff_needed"),
        (Resume::InReview(order(), progress(1, None)), "approving"),
        (Resume::Accepted(order()), "printing"),
    ] {
        assert_eq!(resumed(resume).name(), expect, "{resume:?}");
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let flags = (any::<bool>(), any::<bool>());
    let ways = (prop::sample::select(PayWhen::ALL), flags).prop_map(|(pay_when, (code, import))| Way {
        collection_code: code,
        import,
        ..way(pay_when)
    });
    let progress = (0..5u32, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(shots_taken, candidate, settled, reprint)| Progress {
            shots_taken,
            candidate: candidate.then(|| photo(7)),
            settled,
            reprint,
        },
    );
    let resumes = (0..5, progress).prop_map(|(kind, progress)| match kind {
        0 => Resume::New,
        1 => Resume::Unpaid(order(), progress),
        2 => Resume::Open(order(), progress),
        3 => Resume::InReview(order(), progress),
        _ => Resume::Accepted(order()),
    });
    let resumed = (ways.clone(), resumes.clone());
    prop_oneof![
        prop::sample::select(vec![Event::Start, Event::Agree, Event::SendToCounter, Event::PlaceOrder]),
        prop::sample::select(vec![
            Event::PaymentSettled,
            Event::Ready,
            Event::Shoot,
            Event::CountdownElapsed
        ]),
        prop::sample::select(vec![Event::ShotFailed, Event::ShotLost, Event::Retake, Event::Accept]),
        prop::sample::select(vec![
            Event::PhotoAccepted { in_review: false },
            Event::PrintsDone,
            Event::Finish,
            Event::Back
        ]),
        prop::sample::select(vec![Event::LogOut, Event::TimedOut, Event::OrderDrafted(order())]),
        (1..9u8).prop_map(|n| Event::ShotPassed(photo(n))),
        (1..9u8).prop_map(|n| Event::Prefer(photo(n))),
        any::<bool>().prop_map(|settled| Event::OrderPlaced { order: order(), settled }),
        prop::sample::select(vec![
            Event::OpenAccount,
            Event::Known,
            Event::Newcomer,
            Event::Registered,
            Event::AccountOpened,
            Event::DetailsConfirmed,
            Event::CodeConfirmed,
        ]),
        prop::sample::select(vec![
            Event::OpenImport,
            Event::Import,
            Event::ShotsKeepFailing,
            Event::Approved,
            Event::Rejected,
        ]),
        any::<bool>().prop_map(|shown| Event::GuidesRead { shown }),
        any::<bool>().prop_map(|in_review| Event::PhotoAccepted { in_review }),
        (1..9u8, any::<bool>()).prop_map(|(n, settled)| Event::ReprintPlaced {
            order: order(),
            photo: photo(n),
            settled
        }),
        resumed.prop_map(|(way, resume)| Event::ResumeOrder(way, resume)),
        ways.clone().prop_map(|way| Event::Reprint(way, order())),
        ways.prop_map(Event::Choose),
        resumes.prop_map(Event::Identified),
    ]
}

proptest! {
    #[test]
    fn no_event_in_any_state_panics_and_money_precedes_the_photo(events in prop::collection::vec(any_event(), 0..80)) {
        let mut state = State::Attract;
        for event in events {
            let Ok((after, effect)) = next(state, event) else { continue };
            if let Some(Effect::AcceptPhoto(..)) = effect {
                let settled = matches!(after, State::Reviewing { sitting, .. } if sitting.settled);
                prop_assert!(settled, "a photo is accepted only for a settled order");
            }
            if let State::Framing(sitting) | State::Countdown(sitting) = after {
                prop_assert!(sitting.shots_left <= sitting.way.shots, "shots never grow");
            }
            if after == State::Attract {
                prop_assert_eq!(effect, Some(Effect::ForgetStudent), "nothing of a student outlives the session");
            }
            state = after;
        }
    }

    #[test]
    fn every_state_but_processing_ends_in_a_clean_log_out(events in prop::collection::vec(any_event(), 0..80)) {
        let mut state = State::Attract;
        for event in events {
            if let Ok((after, _)) = next(state, event) {
                state = after;
            }
            if !matches!(state, State::Attract | State::Processing(_)) {
                prop_assert_eq!(next(state, Event::TimedOut), Ok((State::Attract, Some(Effect::ForgetStudent))));
            }
        }
    }
}
