use portrait::{Lab, Rgb, delta_e_2000};

/// Pairs and differences published by Sharma, Wu and Dalal (2005), table 1: those that exercise each branch.
const PAIRS: [([f64; 3], [f64; 3], f64); 8] = [
    ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
    ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0000),
    ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
    ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
    ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
    ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373),
    ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
];

#[test]
fn ciede2000_agrees_with_the_published_pairs() {
    for (first, second, expect) in PAIRS {
        let got = delta_e_2000(Lab(first), Lab(second));
        assert!((got - expect).abs() < 1e-4, "{first:?} and {second:?} differ by {expect}, got {got}");
    }
}

#[test]
fn lab_of_white_is_white_and_of_grey_is_neutral() {
    let Lab([l, a, b]) = Rgb([255, 255, 255]).lab();
    assert!((l - 100.0).abs() < 0.01 && a.abs() < 0.02 && b.abs() < 0.02, "white is L* 100, got {l} {a} {b}");
    let Lab([_, a, b]) = Rgb([128, 128, 128]).lab();
    assert!(a.abs() < 0.02 && b.abs() < 0.02, "equal channels have no hue, got {a} {b}");
}
