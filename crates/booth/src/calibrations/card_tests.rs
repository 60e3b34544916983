use super::*;
use camera::{CameraKind, FaultRecord, Health, Held, Mode, PixelFormat};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// A camera before an even surface, with an exposure, a gain and a white balance that do what such controls do.
struct Bench {
    /// The surface under the lamps, linear, at 10 ms, gain 0 and 5000 K.
    surface: [f64; 3],
    /// Every second column's light over the others'.
    stripe: f64,
    controls: Vec<Control>,
    state: Mutex<(u64, Vec<(ControlKind, i64)>)>,
}

impl Bench {
    fn new(surface: [f64; 3]) -> Self {
        let control = |kind, min, max, value| Control { kind, value, min, max, step: 1, default: value };
        let controls = vec![
            control(ControlKind::Exposure, 3, 2047, 100),
            control(ControlKind::Gain, 0, 255, 0),
            control(ControlKind::WhiteBalance, 2800, 6500, 5000),
        ];
        let values = controls.iter().map(|control| (control.kind, control.value)).collect();
        Self { surface, stripe: 1.0, controls, state: Mutex::new((0, values)) }
    }

    fn value(&self, kind: ControlKind) -> i64 {
        self.state.lock().1.iter().find(|(known, _)| *known == kind).map_or(0, |(_, value)| *value)
    }

    fn picture(&self) -> Vec<u8> {
        let exposure = self.value(ControlKind::Exposure) as f64 / 100.0;
        let gain = 1.0 + self.value(ControlKind::Gain) as f64 / 64.0;
        let warm = self.value(ControlKind::WhiteBalance) as f64 / 5000.0;
        let tint = [warm, 1.0, 1.0 / warm];
        let mut rgb = vec![];
        for at in 0..40 * 30 {
            let stripe = if at % 2 == 0 { 1.0 } else { self.stripe };
            rgb.extend([0, 1, 2].map(|channel| {
                let light = self.surface[channel] * tint[channel] * exposure * gain * stripe;
                (light.min(1.0).powf(1.0 / 2.2) * 255.0).round() as u8
            }));
        }
        rgb
    }
}

impl FrameStream for Bench {
    fn kind(&self) -> CameraKind {
        CameraKind::Webcam
    }

    fn mode(&self) -> Option<Mode> {
        None
    }

    fn latest(&self) -> Option<Arc<Frame>> {
        self.wait_newer(0, Duration::ZERO)
    }

    fn recent(&self, _count: usize) -> Vec<Arc<Frame>> {
        self.latest().into_iter().collect()
    }

    fn wait_newer(&self, _after_sequence: u64, _timeout: Duration) -> Option<Arc<Frame>> {
        let sequence = {
            let mut state = self.state.lock();
            state.0 += 1;
            state.0
        };
        let data = self.picture().into();
        Some(Arc::new(Frame {
            sequence,
            captured_at: SystemTime::now(),
            captured: Instant::now(),
            width: 40,
            height: 30,
            format: PixelFormat::Rgb,
            data,
            simulated: true,
        }))
    }

    fn health(&self) -> Health {
        Health::Streaming
    }

    fn controls(&self) -> Vec<Control> {
        self.controls.clone()
    }

    fn set_control(&self, kind: ControlKind, value: i64) -> Result<Vec<Control>, CameraFault> {
        let known = self.controls.iter().any(|control| control.kind == kind);
        if !known {
            return Err(CameraFault::ControlRefused);
        }
        self.state.lock().1.retain(|(other, _)| *other != kind);
        self.state.lock().1.push((kind, value));
        Ok(self.controls())
    }

    fn hold(&self) -> Result<Held, CameraFault> {
        Ok(Held::default())
    }

    fn release(&self) -> Result<Held, CameraFault> {
        Ok(Held::default())
    }

    fn calibrate(&self, _calibration: Calibration) -> Result<Held, CameraFault> {
        Ok(Held::default())
    }

    fn settle(&self, timeout: Duration) -> Option<Arc<Frame>> {
        self.wait_newer(0, timeout)
    }

    fn faults(&self) -> Vec<FaultRecord> {
        vec![]
    }
}

/// What the picture of the card is like under the values found, after the gains.
fn corrected(bench: &Bench, colour: &Colour) -> [f64; 3] {
    let left = look(bench).unwrap().mean;
    [0, 1, 2].map(|channel| left[channel] * f64::from(colour.gains[channel]))
}

#[test]
fn a_white_card_is_neutral_and_at_its_level_afterwards() {
    // Warm and cold lamps, dim and bright ones.
    for surface in [[0.5, 0.4, 0.25], [0.2, 0.25, 0.35], [0.1, 0.09, 0.07], [0.75, 0.75, 0.75]] {
        let bench = Bench::new(surface);
        let colour = measure_card(&bench).unwrap();
        let [red, green, blue] = corrected(&bench, &colour);
        assert!(
            (red / green - 1.0).abs() < 0.02 && (blue / green - 1.0).abs() < 0.02,
            "{surface:?} is neutral"
        );
        assert!((0.55..=0.85).contains(&luminance([red, green, blue])), "{surface:?} is at {green:.2}");
        let exposure = colour.camera.exposure.unwrap();
        assert!(exposure % 100 == 0 && exposure <= LONGEST, "{exposure} collects whole periods of the mains");
        assert!(
            colour.gains.iter().all(|gain| (0.8..1.25).contains(gain)),
            "the camera did most: {colour:?}"
        );
    }
}

#[test]
fn too_much_light_takes_a_shorter_exposure() {
    let bench = Bench::new([2.4, 2.4, 2.4]);
    let colour = measure_card(&bench).unwrap();
    assert!(colour.camera.exposure.unwrap() < 100, "{:?}", colour.camera);
}

#[test]
fn a_camera_without_controls_gets_gains() {
    let bench = Bench { controls: vec![], ..Bench::new([0.6, 0.5, 0.4]) };
    let colour = measure_card(&bench).unwrap();
    assert_eq!(colour.camera, Calibration::default(), "nothing is set");
    let [red, green, blue] = corrected(&bench, &colour);
    assert!((red / green - 1.0).abs() < 0.01 && (blue / green - 1.0).abs() < 0.01);
}

#[test]
fn what_is_no_card_is_refused() {
    let striped = Bench { stripe: 0.4, ..Bench::new([0.3, 0.3, 0.3]) };
    assert!(matches!(measure_card(&striped), Err(CardError::Uneven)), "a striped shirt");
    assert!(matches!(measure_card(&Bench::new([0.6, 0.2, 0.1])), Err(CardError::Coloured)), "a red folder");
    let dark = measure_card(&Bench::new([0.000_5, 0.000_5, 0.000_5]));
    assert!(matches!(dark, Err(CardError::Dark { .. })), "no lamp: {dark:?}");
}
