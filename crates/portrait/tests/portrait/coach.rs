use std::time::Duration;

use portrait::{Advice, Coach, Coaching, Frame};

use crate::sample::{cast, crop, models, paint, person, pixel, reduced, relit, specification, turned};

const FRAME: Duration = Duration::from_millis(66);

/// A coach with its clock.
struct Lesson {
    coach: Coach,
    at: Duration,
}

impl Lesson {
    fn new() -> Self {
        Self { coach: Coach::new(&specification("degree")), at: Duration::ZERO }
    }

    fn see(&mut self, frame: &Frame) -> Coaching {
        self.at += FRAME;
        self.coach.see(frame, self.at, models()).unwrap()
    }

    fn watch(&mut self, frame: &Frame, frames: usize) -> Vec<Coaching> {
        (0..frames).map(|_| self.see(frame)).collect()
    }
}

/// The frame with everything moved.
fn moved(frame: &Frame, dx: i64, dy: i64) -> Frame {
    paint(frame.width(), frame.height(), |x, y| pixel(frame, x - dx, y - dy))
}

#[test]
fn each_fault_gets_its_advice() {
    let good = person("p09__white");
    let cases = [
        (paint(1280, 960, |_, _| [200, 200, 200]), Advice::StepIn),
        (reduced(&good, 2), Advice::Closer),
        (crop(&good, 470, 200, 340, 255), Advice::Back),
        (moved(&good, 170, 0), Advice::MoveRight),
        (moved(&good, -170, 0), Advice::MoveLeft),
        (moved(&good, 0, 160), Advice::MoveUp),
        (moved(&good, 0, -160), Advice::MoveDown),
        (relit(&good, |v| (f64::from(v) * 0.4) as u8), Advice::MoreLight),
        (relit(&good, |v| (f64::from(v) * 1.7).min(255.0) as u8), Advice::LessLight),
        (turned(&good, 9.0), Advice::LevelHead),
        (cast("one_sided"), Advice::EvenLight),
        (cast("sunglasses"), Advice::TakeOffGlasses),
        (cast("hair_over_eyes"), Advice::HairOffBrows),
        (cast("turned_right"), Advice::TurnRight),
        (cast("turned_left"), Advice::TurnLeft),
        (cast("chin_up"), Advice::ChinDown),
        (cast("chin_down"), Advice::ChinUp),
        (cast("eyes_closed"), Advice::OpenEyes),
        (cast("mouth_open"), Advice::CloseMouth),
    ];
    for (frame, expect) in cases {
        let seen = Lesson::new().watch(&frame, 6);
        assert_eq!(seen.last().unwrap().advice, Some(expect), "{expect:?}");
        assert!(seen.iter().all(|c| !c.ready), "{expect:?}: not ready");
    }
}

#[test]
fn a_second_of_a_good_pose_is_ready_and_a_blink_does_not_break_it() {
    let (good, blink) = (person("p09__white"), cast("eyes_closed"));
    let mut lesson = Lesson::new();
    let first = lesson.watch(&good, 15);
    assert!(first.iter().all(|c| c.advice.is_none() && !c.ready), "nothing is wrong, not yet a second");
    assert!(lesson.watch(&good, 3).last().unwrap().ready, "ready after a second");
    // Two frames of another picture of closed eyes: shorter than half of the median's window.
    let seen = lesson.watch(&crop(&blink, 0, 0, 960, 720), 2);
    assert!(seen.iter().all(|c| c.advice != Some(Advice::OpenEyes)), "{seen:?}");
}

#[test]
fn advice_does_not_flicker_at_its_limit() {
    // The eyes 0.088 and 0.092 beside the middle: just inside and outside of the limit, 0.09.
    let good = person("p09__white");
    let (inside, outside) = (moved(&good, 113, 0), moved(&good, 118, 0));
    let mut lesson = Lesson::new();
    let mut changes = 0;
    let mut last = None;
    for i in 0..40 {
        let advice = lesson.see(if i % 2 == 0 { &inside } else { &outside }).advice;
        changes += usize::from(advice != last);
        last = advice;
    }
    assert!(changes <= 1, "{changes} changes in 40 frames");
}

#[test]
fn the_persons_own_eyes_are_learnt() {
    let mut lesson = Lesson::new();
    assert_eq!(lesson.coach.baseline(), None);
    lesson.watch(&person("p09__white"), 16);
    let baseline = lesson.coach.baseline().unwrap();
    assert!((0.06..0.11).contains(&baseline.lids), "{baseline:?}");
    assert!(baseline.blink < 0.2, "{baseline:?}");
    lesson.watch(&paint(1280, 960, |_, _| [200, 200, 200]), 2);
    assert_eq!(lesson.coach.baseline(), None, "the next person has other eyes");
}
