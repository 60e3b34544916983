//! Random heads, frames and specifications against an oracle that tries placements one by one.

use proptest::prelude::*;

use super::*;

/// A specification of the degree photo's form with other windows.
#[derive(Debug, Clone)]
struct Demand {
    photo: (u32, u32),
    hair: (f64, f64, f64),
    eyes: (f64, f64, f64),
    width: (f64, f64, f64),
    centre: f64,
}

impl Demand {
    fn specification(&self) -> Specification {
        let window = |name: &str, (low, high, preferred): (f64, f64, f64)| {
            format!("[{name}]\nlow = {low:?}\nhigh = {high:?}\npreferred = {preferred:?}\n")
        };
        let degree = include_str!("../../../../../assets/specs/degree.toml");
        let mut table: toml::Table = degree.parse().unwrap();
        table["photo"]["width_px"] = self.photo.0.into();
        table["photo"]["height_px"] = self.photo.1.into();
        let centre = (-self.centre, self.centre, 0.0);
        let windows = [
            window("hair_top_px", self.hair),
            window("eye_line_px", self.eyes),
            window("face_width_px", self.width),
            window("eye_centre_px", centre),
        ];
        table.extend(windows.concat().parse::<toml::Table>().unwrap());
        Specification::parse(&table.to_string()).unwrap()
    }
}

/// A window in `low..high` of `extent`, at least `least` of it wide, with a preferred value anywhere inside.
fn window(extent: f64, low: f64, high: f64, least: f64) -> impl Strategy<Value = (f64, f64, f64)> {
    (low..high - least, 0.0..1.0, 0.0..1.0).prop_map(move |(start, wide, preferred)| {
        let end = start + least + wide * (high - least - start);
        (extent * start, extent * end, extent * (start + preferred * (end - start)))
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let photo = prop_oneof![Just((480, 640)), Just((358, 441)), Just((295, 413)), Just((413, 579))];
    photo.prop_flat_map(|photo: (u32, u32)| {
        let (width, height) = (f64::from(photo.0), f64::from(photo.1));
        (
            window(height, 0.01, 0.22, 0.02),
            window(height, 0.25, 0.55, 0.03),
            window(width, 0.3, 0.75, 0.05),
            1.0..12.0,
        )
            .prop_map(move |(hair, eyes, width, centre)| Demand { photo, hair, eyes, width, centre })
    })
}

/// The shipped degree photo half of the time, else random windows.
fn specifications() -> impl Strategy<Value = Specification> {
    let degree = Specification::parse(include_str!("../../../../../assets/specs/degree.toml")).unwrap();
    prop_oneof![Just(degree), demand().prop_map(|demand| demand.specification())]
}

/// A head of 90 to 500 px cheek to cheek anywhere in a frame, with or without a high bun, tilted up to 10 degrees.
fn scenes() -> impl Strategy<Value = (Head, (u32, u32))> {
    let head = (90.0..500.0, 0.6..1.3, 0.0..0.2, -10.0..10.0_f64);
    let frame = (480_u32..1920, 480_u32..1200);
    (head, frame, 0.1..0.9, 0.1..0.8).prop_map(|((width, hair, faint, roll), size, x, y)| {
        let head = Head {
            eyes: Point { x: x * f64::from(size.0), y: y * f64::from(size.1) },
            hair_above_eyes_px: hair * width,
            faint_above_eyes_px: (hair + faint) * width,
            width_px: width,
            roll_rad: roll.to_radians(),
        };
        (head, size)
    })
}

/// Where a head lies in a photo: hair top, eye line, face width, eye centre right of the middle.
fn carried(t: &Similarity, head: &Head, spec: &Specification) -> [f64; 4] {
    let (sin, cos) = head.roll_rad.sin_cos();
    let up = Point {
        x: head.eyes.x + head.hair_above_eyes_px * sin,
        y: head.eyes.y - head.hair_above_eyes_px * cos,
    };
    let (eyes, hair) = (t.apply(head.eyes), t.apply(up));
    let middle = (f64::from(spec.photo.width_px) - 1.0) / 2.0;
    [hair.y, eyes.y, t.scale() * head.width_px, eyes.x - middle]
}

/// How far beyond left, top, right and bottom the photo's outermost corners lie in the source.
fn overhangs(t: &Similarity, size: (u32, u32), spec: &Specification) -> [f64; 4] {
    let (right, bottom) = (f64::from(spec.photo.width_px) - 0.5, f64::from(spec.photo.height_px) - 0.5);
    let back = t.inverse();
    let corners = [(-0.5, -0.5), (right, -0.5), (-0.5, bottom), (right, bottom)]
        .map(|(x, y)| back.apply(Point { x, y }));
    let most = |f: &dyn Fn(&Point) -> f64| corners.iter().map(f).fold(f64::MIN, f64::max);
    let (width, height) = (f64::from(size.0) - 0.5, f64::from(size.1) - 0.5);
    [most(&|p| -0.5 - p.x), most(&|p| -0.5 - p.y), most(&|p| p.x - width), most(&|p| p.y - height)]
}

/// Low and high ends the oracle holds a placement to, in the order of [`carried`].
type Bounds = [(f64, f64); 4];

/// Steps over the scale, the eye line and the offset.
const STEPS: [usize; 3] = [48, 32, 9];

/// Every placement of a regular grid whose head keeps the bounds.
fn placements<'a>(
    head: &'a Head,
    spec: &'a Specification,
    bounds: Bounds,
) -> impl Iterator<Item = Similarity> + 'a {
    let step = |(low, high): (f64, f64), i: usize, n: usize| low + (high - low) * i as f64 / n as f64;
    let each = |n: usize| 0..=n;
    each(STEPS[0])
        .flat_map(move |i| each(STEPS[1]).flat_map(move |j| each(STEPS[2]).map(move |k| (i, j, k))))
        .map(move |(i, j, k)| {
            let scale = step(bounds[2], i, STEPS[0]) / head.width_px;
            let (line, off) = (step(bounds[1], j, STEPS[1]), step(bounds[3], k, STEPS[2]));
            Similarity::about(head.eyes, eye_target(spec, off, line), scale, -head.roll_rad)
        })
        .filter(move |t| {
            let at = carried(t, head, spec);
            at.iter().zip(bounds).all(|(v, (low, high))| low - 1e-9 <= *v && *v <= high + 1e-9)
        })
}

/// The specification's windows, each narrowed by its guard and by what lies between two steps of the solver.
fn narrowed(spec: &Specification) -> Option<Bounds> {
    let windows = [&spec.hair_top_px, &spec.eye_line_px, &spec.face_width_px, &spec.eye_centre_px];
    let guards = [HAIR_GUARD, EYE_GUARD, WIDTH_GUARD, EYE_GUARD];
    let mut bounds = windows.map(Window::bounds);
    for ((low, high), guard) in bounds.iter_mut().zip(guards) {
        let taken = guard * (*high - *low);
        (*low, *high) = (*low + taken, *high - taken);
    }
    // The solver aims the eyes into the middle half of their window, so that measuring again has room.
    bounds[3] = (bounds[3].0 / 2.0, bounds[3].1 / 2.0);
    let between = (bounds[2].1 - bounds[2].0) / SCALES as f64;
    for (low, high) in &mut bounds[..2] {
        (*low, *high) = (*low + 2.0 * between, *high - 2.0 * between);
    }
    bounds.iter().all(|(low, high)| low <= high).then_some(bounds)
}

/// The same without one window.
fn freed(mut bounds: Bounds, window: Measure) -> Bounds {
    match window {
        Measure::HairTop => bounds[0] = (-1e4, 1e4),
        Measure::FaceWidth => bounds[2] = (1.0, 4096.0),
        _ => bounds[1] = (-1e4, 1e4),
    }
    bounds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_solved_crop_meets_every_window_and_stays_in_the_frame(
        (head, size) in scenes(),
        spec in specifications(),
    ) {
        let Ok(t) = solve(&head, size, &spec) else { return Ok(()) };
        let windows = [&spec.hair_top_px, &spec.eye_line_px, &spec.face_width_px, &spec.eye_centre_px];
        for (value, window) in carried(&t, &head, &spec).into_iter().zip(windows) {
            let (low, high) = window.bounds();
            prop_assert!(low <= value && value <= high, "{value} in {window:?}");
        }
        for over in overhangs(&t, size, &spec) {
            prop_assert!(over <= 2.0 * TOLERANCE_PX, "nothing is invented outside the frame: {over} px");
        }
        prop_assert!((t.b.atan2(t.a) + head.roll_rad).abs() < 1e-9, "the eyes are levelled");
    }

    #[test]
    fn what_the_oracle_finds_is_found((head, size) in scenes(), spec in specifications()) {
        // The oracle's frame is 2 px smaller: the crop of the solver's next scale may be that much larger.
        let Some(bounds) = narrowed(&spec) else { return Ok(()) };
        let found = placements(&head, &spec, bounds)
            .find(|t| overhangs(t, size, &spec).iter().all(|over| *over <= -2.0));
        if let Some(found) = found {
            let solved = solve(&head, size, &spec);
            prop_assert!(solved.is_ok(), "{solved:?}, but {found:?} fits");
        }
    }

    #[test]
    fn what_is_named_is_what_is_violated((head, size) in scenes(), spec in specifications()) {
        let Some(bounds) = narrowed(&spec) else { return Ok(()) };
        match solve(&head, size, &spec) {
            Ok(_) => {}
            Err(Reason::NoCropFits { window }) => {
                let all = placements(&head, &spec, bounds).next();
                prop_assert!(all.is_none(), "{window:?} cannot be met, but {all:?} fits");
            }
            Err(Reason::CutOff { side, missing_px }) => {
                prop_assert!(missing_px > 0.0, "something is missing at the {}", side.name());
                let at = [Side::Left, Side::Top, Side::Right, Side::Bottom].iter().position(|s| *s == side);
                let inside = placements(&head, &spec, bounds)
                    .find(|t| overhangs(t, size, &spec)[at.unwrap()] <= -2.0 && fits_others(t, size, &spec, at.unwrap()));
                prop_assert!(inside.is_none(), "cut off at the {}, but {inside:?} fits", side.name());
            }
            Err(Reason::FaceTooLarge { need_px: (w, h), frame_px }) => {
                let larger = w > f64::from(frame_px.0) || h > f64::from(frame_px.1);
                prop_assert!(larger && frame_px == size, "{w}x{h} in {frame_px:?}");
            }
            Err(other) => prop_assert!(false, "no other reason is a crop's: {other:?}"),
        }
    }
}

fn fits_others(t: &Similarity, size: (u32, u32), spec: &Specification, at: usize) -> bool {
    overhangs(t, size, spec).iter().enumerate().all(|(side, over)| side == at || *over <= -2.0)
}

#[test]
fn freeing_the_named_window_makes_room() {
    let spec = Specification::parse(include_str!("../../../../../assets/specs/degree.toml")).unwrap();
    let bounds = narrowed(&spec).unwrap();
    let mut named = 0;
    for hair in [0.2, 0.25, 0.3, 1.6, 2.0, 2.4] {
        let head = Head {
            eyes: Point { x: 960.0, y: 900.0 },
            hair_above_eyes_px: hair * 300.0,
            faint_above_eyes_px: hair * 300.0,
            width_px: 300.0,
            roll_rad: 0.0,
        };
        if let Err(Reason::NoCropFits { window }) = solve(&head, (1920, 2000), &spec) {
            named += 1;
            let room = placements(&head, &spec, freed(bounds, window)).next();
            assert!(room.is_some(), "without {window:?} a head {hair} faces high has a crop");
        }
    }
    assert_eq!(named, 6, "none of these heads has a crop");
}
