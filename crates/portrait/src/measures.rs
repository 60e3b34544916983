//! What can be said of a person in front of the camera before a photo is made: one file a measure.
//!
//! Everything is measured on the landmarks and on one small picture of the face ([`chip`]), so that the cost does not
//! grow with the camera's pixels and the live preview and the finished shot are judged by the same rules. A measure
//! that the picture does not let be computed says so; it is never an error. Limits come from the specification.

mod background_uniformity;
mod brows_visible;
mod chip;
mod clothes;
mod crop_margins;
mod ears_visible;
mod exposure;
mod eyes_open;
mod eyes_visible;
mod face_occlusion;
mod frame_position;
mod gaze;
mod glasses_glare;
mod head_coverings;
mod head_pose;
mod head_size;
mod illumination_uniformity;
mod inter_eye_distance;
mod mouth_closed;
mod natural_colour;
mod screen_pattern;
mod sharpness;
mod shoulders_level;
mod single_face;
mod teeth;

use chip::Chip;

use crate::colour::{Lab, lab_of_linear};
use crate::face::{Face, Pose};
use crate::frame::Frame;
use crate::geometry::Point;
use crate::matte::Matte;
use crate::measure::{Assessment, Measure, Measurement, Verdict};
use crate::models::{InferenceError, Models};
use crate::rejection::{Defect, Reason};
use crate::specification::Specification;
use crate::white::WhiteBalance;
pub use eyes_open::Baseline;

/// A face as every measure sees it.
pub(crate) struct Sight {
    /// The face's picture.
    chip: Chip,
    /// The landmarks in the chip's pixels.
    points: Vec<Point>,
    /// Distance of the eyes, chip pixels.
    ied: f64,
    /// Eyes to chin, chip pixels.
    eyes_to_chin: f64,
    pose: Pose,
    blendshapes: Vec<f64>,
    /// Distance of the eyes, source pixels.
    source_ied: f64,
    /// Face width over the frame's height.
    face_share: f64,
    /// The eyes' middle right of the frame's middle, over the frame's width.
    off_centre: f64,
    single_face: f64,
    baseline: Option<Baseline>,
    white: WhiteBalance,
}

impl Sight {
    /// Looks at a face; `baseline` is what is known of the person's own open eyes, `white` what the camera's white
    /// lacks.
    ///
    /// # Errors
    /// [`InferenceError`] of the blendshape network.
    pub(crate) fn new(
        frame: &Frame,
        face: &Face,
        models: &Models,
        baseline: Option<Baseline>,
        white: WhiteBalance,
    ) -> Result<Self, InferenceError> {
        let chip = Chip::cut(frame, face);
        let points: Vec<Point> = face.landmarks().iter().map(|&p| chip.place(p)).collect();
        let eyes = face.eye_centre();
        let width = f64::from(frame.width());
        Ok(Self {
            ied: face.inter_eye_px() * chip.scale(),
            eyes_to_chin: eyes.distance(face.chin()) * chip.scale(),
            pose: face.pose(),
            blendshapes: face.blendshapes(models)?,
            source_ied: face.inter_eye_px(),
            face_share: face.width_px() / f64::from(frame.height()),
            off_centre: (eyes.x - (width - 1.0) / 2.0) / width,
            single_face: face.single_face_present(),
            baseline,
            white,
            chip,
            points,
        })
    }

    /// The middle of some landmarks, chip pixels.
    fn middle(&self, landmarks: &[usize]) -> Point {
        let share = 1.0 / landmarks.len() as f64;
        let sum = |f: fn(&Point) -> f64| landmarks.iter().map(|&i| f(&self.points[i])).sum::<f64>() * share;
        Point { x: sum(|p| p.x), y: sum(|p| p.y) }
    }

    /// The centres of the right and the left eye, chip pixels.
    fn eyes(&self) -> [Point; 2] {
        [self.middle(&[33, 133]), self.middle(&[263, 362])]
    }

    /// The middles of the right and the left cheek: below the eyes, half-way to the mouth.
    fn cheeks(&self) -> [Point; 2] {
        let [right, left] = self.eyes();
        let (eyes, mouth) = (right.midpoint(left), self.middle(&[61, 291]));
        let half = Point { x: (mouth.x - eyes.x) / 2.0, y: (mouth.y - eyes.y) / 2.0 };
        [right, left].map(|eye| Point { x: eye.x + half.x, y: eye.y + half.y })
    }

    /// Median colour of a square around a place, `side` in eye distances, balanced.
    fn colour(&self, at: Point, side: f64) -> Lab {
        let (seen, gains) = (self.chip.median(at, side * self.ied).linear(), self.white.gains());
        lab_of_linear(std::array::from_fn(|k| f64::from(seen[k] * gains[k]).min(1.0)))
    }

    /// Lightness of the lighter cheek.
    fn cheek_lightness(&self) -> f64 {
        self.cheeks().map(|cheek| self.colour(cheek, 0.3).0[0]).into_iter().fold(0.0, f64::max)
    }

    /// What a network output says, 0 to 1.
    fn blendshape(&self, index: usize) -> f64 {
        self.blendshapes[index]
    }

    /// The smaller eye's lid distance over eyes to chin, as measured, and the larger blink.
    pub(crate) fn lids(&self) -> (f64, f64) {
        (eyes_open::lids(self), eyes_open::blink(self))
    }

    /// The share of the face with a luma of 247 and more.
    pub(crate) fn burnt(&self) -> f64 {
        exposure::over(self.chip.hull_histogram())
    }

    /// Whether hair hangs between the eyes.
    pub(crate) fn hair_between_eyes(&self) -> bool {
        eyes_visible::hair_between(self)
    }

    /// Every measure that needs the face alone, against the specification's limits.
    pub(crate) fn measure(&self, spec: &Specification) -> Vec<Measurement> {
        FACE.iter().map(|(m, assess)| Measurement::limited(*m, assess(self), spec.limit(*m))).collect()
    }

    /// Every measure that needs the person's matte too.
    pub(crate) fn measure_person(
        &self,
        frame: &Frame,
        face: &Face,
        matte: &Matte,
        spec: &Specification,
    ) -> Vec<Measurement> {
        let person = Person { frame, face, matte, background: spec.background.colour };
        PERSON.iter().map(|(m, assess)| Measurement::limited(*m, assess(&person), spec.limit(*m))).collect()
    }

    /// What is wrong, the most useful first: a covered face and one dark side before the pose, that before an unclear
    /// picture, which no expression can be read from, and so on, because a later measure means little where an earlier one fails.
    pub(crate) fn reasons(&self, measures: &[Measurement]) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for &measure in ORDER {
            let failed = measures.iter().find(|m| m.measure == measure && m.verdict == Verdict::Fail);
            let Some((failed, defect)) = failed.and_then(|m| Some((m, self.defect(m)?))) else { continue };
            let known = |r: &Reason| matches!(r, Reason::Defect { defect: d, .. } if *d == defect);
            if !reasons.iter().any(known) {
                reasons.push(Reason::Defect { defect, measure, value: failed.value });
            }
        }
        reasons
    }

    /// What a failed measure means.
    fn defect(&self, failed: &Measurement) -> Option<Defect> {
        let above = failed.window.is_some_and(|(_, high)| failed.value > high);
        Some(match failed.measure {
            Measure::Sharpness => Defect::Blurred,
            Measure::EyesVisible if eyes_visible::hair_between(self) => Defect::EyesCovered,
            Measure::EyesVisible => Defect::DarkGlasses,
            Measure::BrowsVisible => Defect::EyesCovered,
            Measure::FaceOcclusion | Measure::MouthOcclusion => Defect::FaceCovered,
            Measure::HeadPoseYaw if above => Defect::TurnedLeft,
            Measure::HeadPoseYaw => Defect::TurnedRight,
            Measure::HeadPosePitch if above => Defect::ChinUp,
            Measure::HeadPosePitch => Defect::ChinDown,
            Measure::EyesOpen | Measure::EyeBlink => Defect::EyesClosed,
            Measure::Gaze => Defect::LooksAside,
            Measure::MouthClosed | Measure::JawOpen => Defect::MouthOpen,
            Measure::TeethShown => Defect::TeethShown,
            Measure::IlluminationUniformity | Measure::CheekRatio => Defect::UnevenLight,
            Measure::GlassesGlare => Defect::GlassesGlare,
            Measure::FramePosition => Defect::OffCentre,
            Measure::NaturalColour => Defect::UnnaturalColour,
            Measure::ClothesOnBackground => Defect::ClothesLikeBackground,
            _ => return None,
        })
    }
}

/// The order of [`Sight::reasons`].
const ORDER: &[Measure] = &[
    Measure::EyesVisible,
    Measure::BrowsVisible,
    Measure::FaceOcclusion,
    Measure::MouthOcclusion,
    Measure::CheekRatio,
    Measure::IlluminationUniformity,
    Measure::HeadPoseYaw,
    Measure::HeadPosePitch,
    Measure::Sharpness,
    Measure::EyesOpen,
    Measure::EyeBlink,
    Measure::MouthClosed,
    Measure::JawOpen,
    Measure::TeethShown,
    Measure::Gaze,
    Measure::FramePosition,
    Measure::GlassesGlare,
    Measure::NaturalColour,
    Measure::ClothesOnBackground,
];

/// A person with everything that is known after matting.
struct Person<'a> {
    frame: &'a Frame,
    face: &'a Face,
    matte: &'a Matte,
    /// The delivered background's colour.
    background: crate::colour::Rgb,
}

/// How a measure is computed.
type Assess<T> = fn(&T) -> Assessment;

const FACE: &[(Measure, Assess<Sight>)] = &[
    (Measure::SingleFacePresent, single_face::assess),
    (Measure::InterEyeDistance, inter_eye_distance::assess),
    (Measure::FaceShare, frame_position::share),
    (Measure::FramePosition, frame_position::assess),
    (Measure::HeadPoseYaw, head_pose::yaw),
    (Measure::HeadPosePitch, head_pose::pitch),
    (Measure::HeadTilt, head_pose::tilt),
    (Measure::EyesOpen, eyes_open::assess),
    (Measure::EyeBlink, eyes_open::assess_blink),
    (Measure::EyesVisible, eyes_visible::assess),
    (Measure::Gaze, gaze::assess),
    (Measure::BrowsVisible, brows_visible::assess),
    (Measure::MouthClosed, mouth_closed::assess),
    (Measure::JawOpen, mouth_closed::jaw),
    (Measure::TeethShown, teeth::assess),
    (Measure::FaceOcclusion, face_occlusion::assess),
    (Measure::MouthOcclusion, face_occlusion::mouth),
    (Measure::NoHeadCoverings, head_coverings::assess),
    (Measure::GlassesGlare, glasses_glare::assess),
    (Measure::LuminanceMean, exposure::mean),
    (Measure::LuminanceVariance, exposure::variance),
    (Measure::UnderExposure, exposure::assess_under),
    (Measure::OverExposure, exposure::assess_over),
    (Measure::DynamicRange, exposure::dynamic_range),
    (Measure::IlluminationUniformity, illumination_uniformity::assess),
    (Measure::CheekRatio, illumination_uniformity::ratio),
    (Measure::NaturalColour, natural_colour::assess),
    (Measure::Sharpness, sharpness::assess),
    (Measure::ScreenPattern, screen_pattern::assess),
    (Measure::EarsVisible, ears_visible::assess),
];

/// The same with a matte.
type AssessPerson = for<'a> fn(&Person<'a>) -> Assessment;

const PERSON: &[(Measure, AssessPerson)] = &[
    (Measure::BackdropUniformity, background_uniformity::assess),
    (Measure::BackdropShadow, background_uniformity::shadow),
    (Measure::ClothesOnBackground, clothes::on_background),
    (Measure::ClothesOnBackdrop, clothes::on_backdrop),
    (Measure::ShouldersLevel, shoulders_level::assess),
];

/// The measures of where the head lies in a finished photo, which has the size of `photo`.
pub(crate) fn in_photo(photo: &Frame, face: &Face, spec: &Specification) -> Vec<Measurement> {
    let place = crop_margins::Place::of(photo, face);
    let measures = [
        (Measure::HeadSize, head_size::assess(&place)),
        (Measure::LeftwardCrop, crop_margins::leftward(&place)),
        (Measure::RightwardCrop, crop_margins::rightward(&place)),
        (Measure::MarginAbove, crop_margins::above(&place)),
        (Measure::MarginBelow, crop_margins::below(&place)),
    ];
    measures.map(|(m, found)| Measurement::limited(m, found, spec.limit(m))).to_vec()
}

/// A value and its score.
fn value(value: f64, score: f64) -> Assessment {
    if value.is_finite() { Assessment::Value { value, score } } else { Assessment::FailureToAssess }
}

/// Distance of two colours without their lightness.
fn chroma_distance(Lab([_, a, b]): Lab, Lab([_, c, d]): Lab) -> f64 {
    (a - c).hypot(b - d)
}

/// The corners of an upright rectangle around a place.
fn rectangle(at: Point, width: f64, height: f64) -> [Point; 4] {
    [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
        .map(|(x, y)| Point { x: at.x + x * width, y: at.y + y * height })
}

/// The measures that a specification sets limits for.
pub(crate) fn limited() -> impl Iterator<Item = Measure> {
    let face = FACE.iter().map(|(m, _)| *m);
    let photo = [
        Measure::HeadSize,
        Measure::LeftwardCrop,
        Measure::RightwardCrop,
        Measure::MarginAbove,
        Measure::MarginBelow,
    ];
    // The source's own rules judge these.
    let ruled = [Measure::InterEyeDistance, Measure::FaceShare, Measure::HeadTilt, Measure::OverExposure];
    face.filter(move |m| !ruled.contains(m)).chain(PERSON.iter().map(|(m, _)| *m)).chain(photo)
}
