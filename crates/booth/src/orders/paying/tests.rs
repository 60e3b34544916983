//! Codes to pay with, of a provider that takes its time.

use super::*;
use crate::online::{OnlinePayments, Opened, ProviderFault, TradeState};
use crate::rig::Rig;
use domain::programme::PayWhen;
use domain::session::{Sitting as Seat, Way};
use parking_lot::{Condvar, Mutex};

/// A provider that opens nothing before it is let, and how often it was asked to.
#[derive(Default)]
struct Slow {
    opened: Mutex<(u32, bool)>,
    changed: Condvar,
}

impl Slow {
    fn asked(&self) -> u32 {
        self.opened.lock().0
    }

    fn let_go(&self) {
        self.opened.lock().1 = true;
        self.changed.notify_all();
    }
}

impl OnlinePayments for Arc<Slow> {
    fn means(&self) -> Vec<Means> {
        vec![Means::WechatPay]
    }
    fn is_simulated(&self) -> bool {
        false
    }
    fn open(&self, trade: &Trade, _: &str, now: UtcMillis) -> Result<Opened, ProviderFault> {
        let mut opened = self.opened.lock();
        opened.0 += 1;
        self.changed.wait_while(&mut opened, |(_, open)| !*open);
        Ok(Opened { code_url: format!("weixin://{}", trade.number), expires: now.plus_ms(600_000) })
    }
    fn query(&self, _: &Trade) -> Result<TradeState, ProviderFault> {
        Ok(TradeState::Waiting)
    }
    fn close(&self, _: &Trade) -> Result<TradeState, ProviderFault> {
        Ok(TradeState::Closed)
    }
    fn refund(&self, _: &Trade) -> Result<Option<TradeState>, ProviderFault> {
        Ok(None)
    }
}

#[test]
fn a_code_that_is_chosen_again_while_the_provider_is_slow_is_one_trade() {
    let mut rig = Rig::new();
    let slow = Arc::new(Slow::default());
    Arc::get_mut(&mut rig.inner).unwrap().online = Some(Box::new(Arc::clone(&slow)));
    let (order, _) = rig.ordered(1);
    let way = Way { pay_when: PayWhen::BeforeShooting, shots: 1, collection_code: false, import: false };
    let seat = Seat { way, order, shots_left: 1, best: None, settled: false, reprint: false };
    rig.sitting.lock().state = State::Paying { sitting: seat, chosen: None };
    open_online(&rig.inner, &mut rig.sitting.lock(), PayMeans::WechatPay).unwrap();
    while slow.asked() == 0 {
        std::thread::yield_now();
    }
    for means in [PayMeans::Counter, PayMeans::WechatPay] {
        open_online(&rig.inner, &mut rig.sitting.lock(), means).unwrap();
    }
    // Another would be asked for by now.
    std::thread::sleep(std::time::Duration::from_millis(300));
    slow.let_go();
    let mut sitting = rig.sitting.lock();
    while sitting.online.as_ref().is_none_or(|code| code.code_url.is_empty()) {
        let waited = rig.moved.wait_for(&mut sitting, std::time::Duration::from_secs(60));
        assert!(!waited.timed_out(), "no code came");
    }
    drop(sitting);
    assert_eq!(slow.asked(), 1);
    assert_eq!(rig.ledger.read().online_payments_of(order).unwrap().len(), 1);
}
