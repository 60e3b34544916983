use portrait::{Frame, WhiteBalance, weigh};

use crate::sample::{blurred, cast, models, paint, person, relit, specification};

fn order(frames: &[&Frame]) -> Vec<(usize, f64)> {
    let weighed = weigh(frames, &specification("degree"), models(), None, WhiteBalance::default()).unwrap();
    weighed.iter().map(|w| (w.index, w.score)).collect()
}

#[test]
fn the_sharp_open_eyed_frame_wins() {
    let good = person("p09__white");
    let soft = blurred(&good, 1);
    let smeared = blurred(&good, 3);
    let nobody = paint(1280, 960, |_, _| [200, 200, 200]);
    let order = order(&[&smeared, &nobody, &good, &soft]);
    let indices: Vec<usize> = order.iter().map(|(i, _)| *i).collect();
    assert_eq!(indices, [2, 3, 0, 1], "{order:?}");
    assert!(order[3].1 == 0.0, "nobody is worth nothing");
}

#[test]
fn a_blink_loses_against_any_open_eyes() {
    let (closed, open) = (cast("eyes_closed"), cast("chin_up"));
    assert_eq!(order(&[&closed, &open])[0].0, 1);
}

#[test]
fn the_earlier_of_equals_comes_first() {
    let good = person("p09__white");
    let order = order(&[&good, &good.clone()]);
    assert!(order[0].1 >= order[1].1);
    assert!(order[0].1 > 50.0, "{order:?}");
}

#[test]
fn a_lamp_switched_off_in_the_middle_costs_only_its_frames() {
    let good = person("p09__white");
    let dark = relit(&good, |v| (f64::from(v) * 0.35) as u8);
    let order = order(&[&dark, &good, &dark]);
    assert_eq!(order[0].0, 1, "{order:?}");
    assert!(order[1].1 < 50.0, "a badly lit frame counts half: {order:?}");
}
