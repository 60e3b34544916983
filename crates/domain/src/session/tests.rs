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
    Way { pay_when, shots: 3 }
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

const TO_ORDER: [Event; 3] = [Event::Start, Event::Agree, Event::Identified(Resume::New)];

fn to_order(pay_when: PayWhen) -> Vec<Event> {
    let [start, agree, identified] = TO_ORDER;
    vec![start, Event::Choose(way(pay_when)), agree, identified]
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
    events.extend([Event::Accept, Event::PhotoAccepted, Event::PrintsDone, Event::Finish]);
    let (state, names, effects) = follow(&events);
    assert_eq!(state, State::Attract, "the booth is free again");
    assert_eq!(names.iter().filter(|n| **n == "paying").count(), 1, "the student pays once");
    assert_eq!(
        effects,
        [
            Effect::PlaceOrder(None),
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
    events.extend([Event::PaymentSettled, Event::PhotoAccepted]);
    let (state, _, effects) = follow(&events);
    assert_eq!(state, State::Printing(order()));
    assert_eq!(effects[0], Effect::DraftOrder, "the shots of an unplaced order belong to a draft");
    assert!(
        effects.contains(&Effect::PlaceOrder(Some(order()))),
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
        Event::Agree,
        Event::Identified(resume),
    ])
    .0
}

#[test]
fn an_interrupted_order_resumes_where_it_was() {
    let progress = |shots_taken, candidate| Progress { shots_taken, candidate, settled: true };
    for (resume, expect) in [
        (Resume::Unpaid(order(), Progress { settled: false, ..progress(0, None) }), "paying"),
        (Resume::Open(order(), progress(0, None)), "briefing"),
        (Resume::Open(order(), progress(2, Some(photo(1)))), "reviewing"),
        (Resume::Open(order(), progress(3, None)), "staff_needed"),
        (Resume::Accepted(order()), "printing"),
    ] {
        assert_eq!(resumed(resume).name(), expect, "{resume:?}");
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let ways = prop::sample::select(PayWhen::ALL).prop_map(way);
    let progress = (0..5u32, any::<bool>(), any::<bool>()).prop_map(|(shots_taken, candidate, settled)| {
        Progress { shots_taken, candidate: candidate.then(|| photo(7)), settled }
    });
    let resumes = (0..4, progress).prop_map(|(kind, progress)| match kind {
        0 => Resume::New,
        1 => Resume::Unpaid(order(), progress),
        2 => Resume::Open(order(), progress),
        _ => Resume::Accepted(order()),
    });
    prop_oneof![
        prop::sample::select(vec![Event::Start, Event::Agree, Event::SendToCounter, Event::PlaceOrder]),
        prop::sample::select(vec![
            Event::PaymentSettled,
            Event::Ready,
            Event::Shoot,
            Event::CountdownElapsed
        ]),
        prop::sample::select(vec![Event::ShotFailed, Event::ShotLost, Event::Retake, Event::Accept]),
        prop::sample::select(vec![Event::PhotoAccepted, Event::PrintsDone, Event::Finish, Event::Back]),
        prop::sample::select(vec![Event::LogOut, Event::TimedOut, Event::OrderDrafted(order())]),
        (1..9u8).prop_map(|n| Event::ShotPassed(photo(n))),
        (1..9u8).prop_map(|n| Event::Prefer(photo(n))),
        any::<bool>().prop_map(|settled| Event::OrderPlaced { order: order(), settled }),
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
