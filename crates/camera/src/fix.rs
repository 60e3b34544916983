//! Puts settings in place: the automatic mode off first, the value, and then a look whether the camera took it.
//!
//! A USB camera's settings survive the program that made them. So every wish says what is wanted, a value or the
//! camera's own automatic mode, and none relies on what was there before.

use crate::control::{Control, ControlKind};
use crate::fault::CameraFault;
use crate::hold::{HELD, Loose, LooseReason, Wish};
use crate::wire::Settled;

/// A camera's settings as this module needs them.
pub(crate) trait Settings {
    /// All of them, as they are now.
    fn list(&self) -> Vec<Control>;
    /// One of them, asked of the camera now.
    fn read(&self, kind: ControlKind) -> Result<i64, CameraFault>;
    /// Sets one of them and nothing else.
    fn write(&mut self, kind: ControlKind, value: i64) -> Result<(), CameraFault>;
}

/// Sets one control for a consumer.
///
/// # Errors
/// [`CameraFault::ControlRefused`] where the camera lacks it, refuses the value or does not keep it;
/// [`CameraFault::Unplugged`].
pub(crate) fn set(
    camera: &mut (impl Settings + ?Sized),
    kind: ControlKind,
    value: i64,
) -> Result<Settled, CameraFault> {
    let mut done = fix(camera, &[Wish::new(kind, Some(value))])?;
    let refused = done.loose.pop();
    if refused.is_some() { Err(CameraFault::ControlRefused) } else { Ok(done) }
}

/// Fixes what a session needs at its present values.
///
/// # Errors
/// [`CameraFault::Unplugged`] alone: what a camera can't hold is part of the answer.
pub(crate) fn hold(camera: &mut (impl Settings + ?Sized)) -> Result<Settled, CameraFault> {
    let present = camera.list();
    let value = |kind| present.iter().find(|control| control.kind == kind).map(|control| control.value);
    let wishes: Vec<Wish> =
        HELD.iter().filter_map(|&kind| Some(Wish::new(kind, Some(value(kind)?)))).collect();
    let mut done = fix(camera, &wishes)?;
    let absent = HELD.into_iter().filter(|&kind| value(kind).is_none());
    done.loose.extend(absent.map(|kind| Loose { kind, reason: LooseReason::Absent }));
    Ok(done)
}

/// Puts the wishes in place in their order.
///
/// # Errors
/// [`CameraFault::Unplugged`] alone.
pub(crate) fn fix(camera: &mut (impl Settings + ?Sized), wishes: &[Wish]) -> Result<Settled, CameraFault> {
    let before = camera.list();
    let mut done = Settled::default();
    for wish in wishes {
        match fix_one(camera, &before, wish) {
            Ok(()) if wish.value.is_some() => done.fixed.push(wish.kind),
            Ok(()) => {}
            Err(Refusal::Gone) => return Err(CameraFault::Unplugged),
            Err(Refusal::Loose(reason)) => done.loose.push(Loose { kind: wish.kind, reason }),
        }
    }
    done.controls = camera.list();
    Ok(done)
}

/// Why a wish could not be put in place.
enum Refusal {
    Gone,
    Loose(LooseReason),
}

impl From<CameraFault> for Refusal {
    fn from(fault: CameraFault) -> Self {
        if fault == CameraFault::Unplugged { Self::Gone } else { Self::Loose(LooseReason::Refused) }
    }
}

fn fix_one(camera: &mut (impl Settings + ?Sized), before: &[Control], wish: &Wish) -> Result<(), Refusal> {
    let find = |kind| before.iter().find(|control| control.kind == kind);
    let automatic = wish.kind.automatic().filter(|&(switch, _)| find(switch).is_some());
    match (wish.value, automatic) {
        (None, None) => Ok(()),
        (None, Some((switch, off))) => Ok(give_back(camera, switch, off, find(switch))?),
        (Some(value), automatic) => {
            let control = find(wish.kind).ok_or(Refusal::Loose(LooseReason::Absent))?;
            // Looked at first: a camera that refuses the value must not be left with its automatic mode off.
            let value = on_a_step(control, value).ok_or(Refusal::Loose(LooseReason::Refused))?;
            let switched = match automatic {
                Some((switch, off)) => switch_off(camera, switch, off)?,
                None => false,
            };
            let kept = keep(camera, wish.kind, value, switched);
            if let (Err(Refusal::Loose(_)), true, Some((switch, off))) = (&kept, switched, automatic) {
                give_back(camera, switch, off, find(switch))?;
            }
            kept
        }
    }
}

/// The nearest value that the control can have; none outside its range.
fn on_a_step(control: &Control, value: i64) -> Option<i64> {
    let step = control.step.max(1);
    let nearest = control.min + (value - control.min + step / 2).div_euclid(step) * step;
    (control.min..=control.max).contains(&value).then(|| nearest.min(control.max))
}

/// Switches an automatic mode off; true where it was on.
fn switch_off(camera: &mut (impl Settings + ?Sized), switch: ControlKind, off: i64) -> Result<bool, Refusal> {
    if camera.read(switch)? == off {
        return Ok(false);
    }
    camera.write(switch, off)?;
    Ok(true)
}

/// Sets a value and looks whether it stays. One that is there already is written only where the automatic mode has
/// just been switched off: the camera may then go back to an older one.
fn keep(
    camera: &mut (impl Settings + ?Sized),
    kind: ControlKind,
    value: i64,
    switched: bool,
) -> Result<(), Refusal> {
    if !switched && camera.read(kind)? == value {
        return Ok(());
    }
    camera.write(kind, value)?;
    let kept = camera.read(kind)? == value;
    if kept { Ok(()) } else { Err(Refusal::Loose(LooseReason::NotKept)) }
}

/// V4L2's numbers for an automatic exposure mode: the aperture, which a webcam has none of, stays as it is; or both.
const AUTOMATIC_EXPOSURE: [i64; 2] = [3, 0];

/// Switches an automatic mode on, the maker's own where that is one.
fn give_back(
    camera: &mut (impl Settings + ?Sized),
    switch: ControlKind,
    off: i64,
    control: Option<&Control>,
) -> Result<(), CameraFault> {
    if camera.read(switch)? != off {
        return Ok(());
    }
    let modes: &[i64] = if switch == ControlKind::ExposureAuto { &AUTOMATIC_EXPOSURE } else { &[1] };
    let makers = control.map(|control| control.default).filter(|&mode| mode != off);
    let mut outcome = Ok(());
    for mode in makers.into_iter().chain(modes.iter().copied()) {
        outcome = camera.write(switch, mode);
        if matches!(outcome, Ok(()) | Err(CameraFault::Unplugged)) {
            break;
        }
    }
    outcome
}

#[cfg(test)]
#[path = "fix_tests.rs"]
mod tests;
