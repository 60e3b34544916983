//! WeChat Pay's bill of trades: UTF-8 lines, each field after a backtick, two lines of summary at the end.
//!
//! The columns are found by their names, because their order is not promised. Fields are not quoted and a name of goods
//! may hold a comma, so rows are cut at a comma that a backtick follows.

use crate::{
    Bill, BillError, BillLine, Booking, OutRefundNumber, OutTradeNumber, TransactionId, china_time,
    yuan::{self, YuanError},
};
use domain::Fen;

const TIME: &str = "交易时间";
const MERCHANT: &str = "商户号";
const TRANSACTION: &str = "微信订单号";
const NUMBER: &str = "商户订单号";
const STATE: &str = "交易状态";
const AMOUNT: &str = "订单金额";
const REFUND: &str = "商户退款单号";
const REFUNDED: &str = "申请退款金额";
const SUMMARY: &str = "总交易单数";

/// Reads the bill of the merchant `mchid`.
pub(super) fn parse(file: &[u8], mchid: &str) -> Result<Bill, BillError> {
    let text = std::str::from_utf8(file).map_err(|_| BillError::Encoding)?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let heading: Vec<&str> = lines.next().map_or("", |(_, heading)| heading).split(',').collect();
    let columns = Columns::find(&heading)?;
    let (mut bill, mut rows) = (Bill::default(), 0);
    while let Some((index, line)) = lines.next() {
        if line.starts_with(SUMMARY) {
            let said = lines.next().and_then(|(_, line)| count(line));
            let said = said.ok_or(BillError::Field { row: index + 2, column: SUMMARY })?;
            return if said == rows { Ok(bill) } else { Err(BillError::Count { said, found: rows }) };
        }
        rows += 1;
        match columns.line(line, index + 1, mchid)? {
            Some(line) => bill.lines.push(line),
            None => bill.foreign += 1,
        }
    }
    Err(BillError::Column { column: SUMMARY })
}

/// The first number of the summary.
fn count(line: &str) -> Option<usize> {
    line.strip_prefix('`')?.split(",`").next()?.parse().ok()
}

/// Where the columns are.
struct Columns {
    width: usize,
    time: usize,
    merchant: usize,
    transaction: usize,
    number: usize,
    state: usize,
    amount: usize,
    refund: usize,
    refunded: usize,
}

impl Columns {
    fn find(heading: &[&str]) -> Result<Self, BillError> {
        let at = |column| heading.iter().position(|name| *name == column).ok_or(BillError::Column { column });
        Ok(Self {
            width: heading.len(),
            time: at(TIME)?,
            merchant: at(MERCHANT)?,
            transaction: at(TRANSACTION)?,
            number: at(NUMBER)?,
            state: at(STATE)?,
            amount: at(AMOUNT)?,
            refund: at(REFUND)?,
            refunded: at(REFUNDED)?,
        })
    }

    /// The booking in a row; `None` if it is not of this system's form.
    fn line(&self, line: &str, row: usize, mchid: &str) -> Result<Option<BillLine>, BillError> {
        let wrong = |column| BillError::Field { row, column };
        let fields: Vec<&str> =
            line.strip_prefix('`').ok_or(wrong(TIME))?.split(",`").map(str::trim).collect();
        if fields.len() != self.width {
            return Err(BillError::Csv { row });
        }
        if fields[self.merchant] != mchid {
            return Err(wrong(MERCHANT));
        }
        let at = china_time::parse_civil(fields[self.time]).ok_or(wrong(TIME))?;
        let booking = match fields[self.state] {
            "SUCCESS" => amount(fields[self.amount], row, AMOUNT)?.map(|amount| Booking::Paid { amount }),
            "REFUND" => {
                let amount = amount(fields[self.refunded], row, REFUNDED)?;
                let refund = OutRefundNumber::parse(fields[self.refund]).ok();
                refund.zip(amount).map(|(refund, amount)| Booking::Refunded { refund, amount })
            }
            _ => None,
        };
        let number = OutTradeNumber::parse(fields[self.number]).ok();
        let transaction_id =
            TransactionId::parse(fields[self.transaction]).map_err(|_| wrong(TRANSACTION))?;
        let known = number.zip(booking);
        Ok(known.map(|(number, booking)| BillLine { number, transaction_id, at, booking }))
    }
}

/// An amount; `None` if no order of this system can come to it.
pub(crate) fn amount(text: &str, row: usize, column: &'static str) -> Result<Option<Fen>, BillError> {
    match yuan::parse_magnitude(text) {
        Ok(amount) => Ok(Some(amount)),
        Err(YuanError::TooMuch) => Ok(None),
        Err(YuanError::Form) => Err(BillError::Field { row, column }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADING: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    fn row(number: &str, state: &str, amount: &str, refund: &str, refunded: &str) -> String {
        format!(
            "`2026-11-21 10:00:00,`wx0,`1900000000,`0,`,`4200000001202611210000000001,`{number},`o0,`NATIVE,`{state},`OTHERS,`CNY,`{amount},`0.00,`0,`{refund},`{refunded},`0.00,`,`,`证件照, 蓝底,`,`0.09000,`0.60%,`{amount},`{refunded},`"
        )
    }

    fn bill(rows: &[String], said: usize) -> String {
        format!(
            "\u{feff}{HEADING}\r\n{}总交易单数,应结订单总金额\r\n`{said},`0.00\r\n",
            rows.iter().map(|row| format!("{row}\r\n")).collect::<String>()
        )
    }

    #[test]
    fn rows_are_bookings() {
        let rows = [
            row("P20261121_01", "SUCCESS", "15.00", "0", "0.00"),
            row("P20261121_01", "REFUND", "0.00", "R20261121_01", "5.50"),
            row("shop-7|x", "SUCCESS", "3.00", "0", "0.00"),
            row("P20261121_02", "SUCCESS", "99999.00", "0", "0.00"),
        ];
        let read = parse(bill(&rows, 4).as_bytes(), "1900000000").unwrap();
        assert_eq!(read.foreign, 2, "another system's number, and an amount that no order has");
        let bookings: Vec<_> = read.lines.into_iter().map(|line| line.booking).collect();
        let refund = OutRefundNumber::parse("R20261121_01").unwrap();
        assert_eq!(
            bookings,
            [
                Booking::Paid { amount: Fen::new(1500).unwrap() },
                Booking::Refunded { refund, amount: Fen::new(550).unwrap() }
            ],
            "a comma in the goods' name cuts nothing"
        );
    }

    #[test]
    fn a_bill_that_lost_a_row_is_refused() {
        let rows = [row("P20261121_01", "SUCCESS", "15.00", "0", "0.00")];
        assert!(matches!(
            parse(bill(&rows, 2).as_bytes(), "1900000000"),
            Err(BillError::Count { said: 2, found: 1 })
        ));
        let cut = bill(&rows, 1);
        assert!(parse(cut.split("总交易").next().unwrap().as_bytes(), "1900000000").is_err(), "no summary");
        assert!(parse(bill(&rows, 1).as_bytes(), "1900000001").is_err(), "another merchant's");
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(junk in any::<Vec<u8>>(), text in "[`,0-9交易时间\r\n.]{0,200}") {
            let _ = parse(&junk, "1900000000");
            let _ = parse(format!("{HEADING}\n{text}").as_bytes(), "1900000000");
        }

        #[test]
        fn amounts_come_through(fen in proptest::collection::vec(0..=Fen::MOST.fen(), 0..20)) {
            let rows: Vec<_> = fen.iter().map(|fen| row("P20261121_01", "SUCCESS", &Fen::new(*fen).unwrap().to_string(), "0", "0.00")).collect();
            let read = parse(bill(&rows, rows.len()).as_bytes(), "1900000000").unwrap();
            let found: Vec<_> = read.lines.iter().map(|line| match &line.booking { Booking::Paid { amount } | Booking::Refunded { amount, .. } => amount.fen() }).collect();
            prop_assert_eq!(found, fen, "each row's amount");
        }
    }
}
