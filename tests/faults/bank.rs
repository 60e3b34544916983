//! The stand-in for both providers, whose answers fail, and who pays the codes of a booth's screen there.

use crate::rig::Rig;
use domain::{Fen, UtcMillis};
use end_to_end::chance::Chance;
use ledger::Reader;
use payment::gateway::{self, Balance, Fault, Gateway, GatewaySettings, PayRefusal};
use payment::{OutTradeNumber, Provider};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::runtime::Handle;

/// What a provider, or the way to it, may do wrong to a call. Not among them is another amount under the provider's own signature, which is
/// believed, and left to staff.
const FAULTS: [Fault; 8] = [
    Fault::ServerErrorBefore,
    Fault::ServerErrorAfter,
    Fault::Rubbish,
    Fault::Altered,
    Fault::WrongKey,
    Fault::Unsigned,
    Fault::AnotherNumber,
    Fault::HangAfter,
];

/// The stand-in for both providers, and who pays there.
pub struct Bank {
    pub gateway: Gateway,
    /// On which it sends its notifications.
    runtime: Handle,
    chance: Chance,
    /// Codes that somebody has seen, and when they are paid.
    due: BTreeMap<String, Option<Payer>>,
    /// Payers who came too late.
    pub refused: u64,
}

/// Somebody who saw a code.
#[derive(Clone, Copy, Debug)]
struct Payer {
    provider: Provider,
    at: Instant,
    /// What they pay instead of what is due.
    amount: Option<Fen>,
}

impl Bank {
    pub fn new(rig: &Rig, seed: u64) -> Self {
        let folder = rig.folder.path().join("gateway");
        std::fs::create_dir_all(&folder).unwrap();
        let settings = GatewaySettings {
            notify_times: 2,
            notify_retries: [1, 2, 4].map(Duration::from_secs).to_vec(),
            trusts: rig.certificates(),
            ..GatewaySettings::default()
        };
        let gateway = rig.runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            Gateway::start(listener, gateway::keys(&folder).unwrap(), settings).unwrap()
        });
        let (wechat, alipay) = gateway.merchants(&format!("http://{}", gateway.address()));
        for (provider, text) in [(Provider::WechatPay, wechat), (Provider::Alipay, alipay)] {
            let file = folder.join(provider.as_str());
            std::fs::write(&file, text).unwrap();
            rig.central.tell(&["merchant", provider.as_str(), &file.display().to_string()]);
        }
        let runtime = rig.runtime.handle().clone();
        Self { gateway, runtime, chance: Chance::new(!seed), due: BTreeMap::new(), refused: 0 }
    }

    /// Codes that are on screens now find their payers, and those whose time has come pay.
    pub fn turn(&mut self, readers: &[Reader]) {
        for online in readers.iter().flat_map(|reader| reader.online_unsettled_since(UtcMillis(0)).unwrap()) {
            let provider = Provider::parse(online.payment.means.as_str()).unwrap();
            let chance = &mut self.chance;
            self.due.entry(online.trade_number).or_insert_with(|| payer(provider, chance));
        }
        let _entered = self.runtime.enter();
        for (number, payer) in &mut self.due {
            let Some(payer) = payer.take_if(|payer| payer.at <= Instant::now()) else { continue };
            let number = OutTradeNumber::parse(number).unwrap();
            match self.gateway.pay(payer.provider, &number, payer.amount, false) {
                Ok(()) => {}
                Err(PayRefusal::Closed) => self.refused += 1,
                Err(refusal) => panic!("{}: {refusal}", number.as_str()),
            }
        }
    }

    /// The next answers fail, as they may.
    pub fn stumble(&mut self) {
        if self.chance.percent(8) {
            let provider = Provider::ALL[usize::from(self.chance.percent(50))];
            let fault = FAULTS[usize::try_from(self.chance.below(FAULTS.len() as u64)).unwrap()];
            self.gateway.fault(provider, fault, 1);
        }
    }

    /// Nothing fails any more.
    pub fn recover(&self) {
        for provider in Provider::ALL {
            self.gateway.fault(provider, Fault::Rubbish, 0);
        }
    }

    /// Nobody is going to pay.
    pub fn is_quiet(&self) -> bool {
        self.due.values().all(Option::is_none)
    }

    pub fn balances(&self) -> BTreeMap<String, Balance> {
        Provider::ALL.into_iter().flat_map(|provider| self.gateway.balances(provider)).collect()
    }
}

/// Some pay at once, some when the student has left or paid otherwise, some never, a few the wrong amount.
fn payer(provider: Provider, chance: &mut Chance) -> Option<Payer> {
    let after = match chance.below(10) {
        0..4 => chance.below(1_500),
        4..8 => chance.below(12_000),
        _ => return None,
    };
    let amount = chance.percent(6).then(|| Fen::new(1).unwrap());
    let at = Instant::now() + Duration::from_millis(after);
    Some(Payer { provider, at, amount })
}
