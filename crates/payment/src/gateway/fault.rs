//! What a network and a provider can do wrong, on request.

use crate::Provider;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fault of the next calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is done, and no answer comes in time.
    HangBefore,
    /// It is done, and no answer comes in time.
    HangAfter,
    /// Nothing is done: status 500.
    ServerErrorBefore,
    /// It is done: status 500.
    ServerErrorAfter,
    /// It is done; a body that is no JSON, rightly signed.
    Rubbish,
    /// It is done; the body is altered after it was signed.
    Altered,
    /// It is done; signed with a key that is not the provider's.
    WrongKey,
    /// It is done; the answer is not signed.
    Unsigned,
    /// It is done; signed with the provider's next key (WeChat Pay).
    NextKey,
    /// It is done; a signature that begins `WECHATPAY/SIGNTEST/` (WeChat Pay).
    Probe,
    /// It is done; signed an hour ago (WeChat Pay).
    Skewed,
    /// Rightly signed, with another amount.
    AnotherAmount,
    /// Rightly signed, about another trade.
    AnotherNumber,
    /// Rightly signed, about another merchant's trade (WeChat Pay).
    AnotherMerchant,
    /// Rightly signed, in another currency (WeChat Pay).
    AnotherCurrency,
    /// The bill's file is another than the one whose sum was signed (WeChat Pay; a bill takes two calls).
    AnotherBill,
}

impl Fault {
    /// The answer's members as the fault has them.
    pub(super) fn twist(fault: Option<Self>, answer: &mut serde_json::Value) {
        let amount = answer.get("amount").is_some();
        match fault {
            Some(Self::AnotherAmount) if amount => answer["amount"]["total"] = 1.into(),
            Some(Self::AnotherAmount) if answer.get("total_amount").is_some() => {
                answer["total_amount"] = "0.01".into();
            }
            Some(Self::AnotherNumber) => answer["out_trade_no"] = "ANOTHER_TRADE".into(),
            Some(Self::AnotherMerchant) => answer["mchid"] = "1999999999".into(),
            Some(Self::AnotherCurrency) if amount => answer["amount"]["currency"] = "USD".into(),
            _ => {}
        }
    }
}

/// The faults to come.
#[derive(Default)]
pub(super) struct Faults(BTreeMap<Provider, (Fault, u32)>);

impl Faults {
    pub(super) fn plan(&mut self, provider: Provider, fault: Fault, times: u32) {
        self.0.insert(provider, (fault, times));
    }

    pub(super) fn left(&self, provider: Provider) -> u32 {
        self.0.get(&provider).map_or(0, |(_, left)| *left)
    }

    /// The fault of the call that comes now.
    pub(super) fn take(&mut self, provider: Provider) -> Option<Fault> {
        let (fault, left) = self.0.get_mut(&provider)?;
        *left = left.checked_sub(1)?;
        Some(*fault)
    }
}
