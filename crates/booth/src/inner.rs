//! Everything that the booth's threads share.

use crate::calibrations::Calibrations;
use crate::catalogue::{Catalogue, Shelf, Unusable};
use crate::central::{Line, Standing};
use crate::clock::Clock;
use crate::divisions::Divisions;
use crate::online::OnlinePayments;
use crate::password::Pauses;
use crate::pin::PinPad;
use crate::rehearsal::Rehearsal;
use crate::settings::{Settings, SettingsBase};
use crate::sitting::Sitting;
use crate::view::{BoothPart, FaultCode, PartView, StripCode, StripItem, View};
use crate::{devices, network, present, words};
use camera::FrameStream;
use domain::OrderId;
use domain::payment::Means;
use domain::programme::Programme;
use ledger::Ledger;
use parking_lot::{Condvar, Mutex, RwLock};
use portrait::{Models, Specification};
use printing::{Font, Printer};
use reader::card::{CardReader, ReaderKind};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Notify, watch};

pub(crate) struct Inner {
    pub settings: Settings,
    /// The settings before those of the campus.
    pub settings_base: SettingsBase,
    /// The booth's own programmes.
    pub shelf: Shelf,
    /// What is offered now; it changes only while nobody is here.
    pub catalogue: RwLock<Arc<Catalogue>>,
    /// What central said that holds.
    pub standing: RwLock<Arc<Standing>>,
    /// The line to central.
    pub line: Arc<Line>,
    pub ledger: Ledger,
    pub camera: Box<dyn FrameStream>,
    /// Only with the simulated camera.
    pub rehearsal: Option<Rehearsal>,
    /// Nothing where a model is missing: the booth then says so instead of taking money.
    pub models: Option<Models>,
    /// Nothing where the networks that read documents are missing: the other ways to identify remain.
    pub documents: Option<reader::document::Reader>,
    pub reader: Box<dyn CardReader>,
    /// Who takes payments by a code, if anybody does.
    pub online: Option<Box<dyn OnlinePayments>>,
    pub divisions: Divisions,
    pub pauses: Mutex<Pauses>,
    /// Held while a picture of a stick is made small.
    pub thumbnails: Mutex<()>,
    /// The orders for which a code is being asked for.
    pub codes_asked_for: Mutex<HashSet<(OrderId, Means)>>,
    /// Trades that were given up and can't be paid any more: they aren't asked about again in this run.
    pub finished_trades: Mutex<HashSet<String>>,
    /// Trades of which this run has said that another amount than is due came.
    pub wrong_amounts: Mutex<HashSet<String>>,
    /// Whether money has to go back.
    pub refund_due: AtomicBool,
    pub printer: Arc<dyn Printer>,
    pub font: Font,
    pub clock: Box<dyn Clock>,
    pub sitting: Mutex<Sitting>,
    pub pin: Mutex<PinPad>,
    /// What the printer said last.
    pub printer_fault: Mutex<Option<FaultCode>>,
    pub changes: watch::Sender<View>,
    /// How many students have left: the window then forgets the last one.
    pub farewells: watch::Sender<u64>,
    /// What was measured of backdrop and colours.
    pub calibrations: Calibrations,
    /// Woken with each change of what is shown; waits on the sitting's lock.
    pub moved: Condvar,
    /// Wakes the spool when there is something to print.
    pub to_print: Notify,
}

impl Inner {
    /// What is offered now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read())
    }

    pub fn specification(&self, programme: &Programme) -> Option<Arc<Specification>> {
        self.catalogue.read().specification(programme).cloned()
    }

    /// What central said that holds.
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing.read())
    }

    /// From now on this holds; what is offered is arranged anew where that is asked for, which must be only while nobody is here.
    pub fn stand_by(&self, standing: Standing, arrange: bool) {
        if arrange {
            let (catalogue, unusable) = self.shelf.arrange(&standing.sent);
            say_unusable(&unusable);
            *self.catalogue.write() = Arc::new(catalogue);
        }
        *self.standing.write() = Arc::new(standing);
    }

    pub fn printer_fault(&self) -> Option<FaultCode> {
        *self.printer_fault.lock()
    }

    /// Whether there is any way to pay.
    pub fn can_be_paid(&self) -> bool {
        self.online.as_ref().is_some_and(|online| !online.means().is_empty())
            || !self.settings.staff.pin_hash.is_empty()
    }

    /// Each part of the booth, as a student must know of it before they begin.
    pub fn parts(&self) -> Vec<PartView> {
        let part =
            |part, fault: Option<FaultCode>, stops| PartView { part, able: fault.is_none(), stops, fault };
        let camera = self.stopping_faults().into_iter().next();
        let offline = (!network::has_way_out()).then_some(FaultCode::NoNetwork);
        let unpaid = (!self.can_be_paid()).then_some(FaultCode::NoPayment);
        let mut parts = vec![
            part(BoothPart::Camera, camera, true),
            part(BoothPart::Printer, self.printer_fault(), false),
            part(BoothPart::Network, offline, false),
            part(BoothPart::Payment, unpaid, false),
        ];
        if self.reader.kind() != ReaderKind::None {
            parts.push(part(BoothPart::CardReader, self.reader_fault(), false));
        }
        parts
    }

    pub fn reader_fault(&self) -> Option<FaultCode> {
        self.reader.fault().map(words::reader_fault)
    }

    /// The faults with which no photo can be made, so that nobody may start.
    pub fn stopping_faults(&self) -> Vec<FaultCode> {
        let models = self.models.is_none().then_some(FaultCode::ModelMissing);
        devices::camera_fault(&*self.camera).into_iter().chain(models).collect()
    }

    /// What staff should see.
    pub fn strip(&self) -> Vec<StripItem> {
        let mut strip = devices::strip(&*self.camera, self.printer.kind(), self.printer_fault());
        strip.extend(self.line.state().strip(self.clock.steady()));
        if let Some(fault) = self.reader_fault() {
            strip.push(StripItem { code: StripCode::ReaderFault, fault: Some(fault) });
        }
        if self.reader.kind() == ReaderKind::Simulated {
            strip.push(StripItem { code: StripCode::SimulatedReader, fault: None });
        }
        if self.online.as_ref().is_some_and(|provider| provider.is_simulated()) {
            strip.push(StripItem { code: StripCode::SimulatedPayment, fault: None });
        }
        if self.refund_due.load(Ordering::Relaxed) {
            strip.push(StripItem { code: StripCode::RefundDue, fault: None });
        }
        if self.models.is_none() {
            strip.push(StripItem { code: StripCode::ModelFault, fault: Some(FaultCode::ModelMissing) });
        }
        if self.calibrations.backdrop().is_none() {
            strip.push(StripItem { code: StripCode::NoBackdrop, fault: None });
        }
        strip
    }

    /// Tells the window what there is to show, if it differs from what it shows.
    pub fn publish(&self, sitting: &Sitting) -> View {
        let mut view = present::view(self, sitting, self.clock.steady());
        if sitting.called {
            view.strip.insert(0, StripItem { code: StripCode::StaffCalled, fault: None });
        }
        self.changes.send_if_modified(|shown| {
            view.revision = shown.revision;
            // The time left runs by itself; the window counts it down from the last change.
            let same = View { time_left_s: shown.time_left_s, ..view.clone() } == *shown;
            if !same {
                view.revision = shown.revision.wrapping_add(1);
                *shown = view.clone();
            }
            !same
        });
        self.moved.notify_all();
        view
    }
}

/// Says in the log what central sent that can't be used.
pub(crate) fn say_unusable(unusable: &[(String, Unusable)]) {
    for (programme, error) in unusable {
        tracing::error!(%programme, %error, "a programme or price of central's can't be used");
    }
}
