//! The stand-in's bills, with the differences that a test planted.

use super::{
    Fault, Shared,
    alipay::{refused as alipay_refused, success, yuan_text},
    books::Books,
    keys::{APPID, MCHID},
    server::{Answer, text},
    wechat::{Said, refused},
};
use crate::{Provider, china_time};
use data_encoding::HEXLOWER;
use domain::UtcMillis;
use http::StatusCode;
use ring::digest;
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

const WECHAT_HEADING: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const ALIPAY_HEADING: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

/// A row before it is written.
struct Row {
    number: String,
    transaction: String,
    amount: u64,
    refund: Option<String>,
    at: UtcMillis,
    goods: String,
}

/// Where the bill of `bill_date` is, with its checksum.
pub(super) fn wechat_place(shared: &Shared, query: &str) -> Said {
    let day = query.split('&').find_map(|pair| pair.strip_prefix("bill_date=")).unwrap_or_default();
    let file = wechat_file(shared, day);
    if file.is_empty() {
        return refused(400, "NO_STATEMENT_EXIST");
    }
    let sum = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, file.as_bytes());
    let url = format!("http://{}/v3/billdownload/file?token={day}", shared.address);
    (200, json!({ "hash_type": "SHA1", "hash_value": HEXLOWER.encode(sum.as_ref()), "download_url": url }))
}

/// The file itself, unsigned as the provider's is.
pub(super) fn wechat_download(shared: &Shared, query: &str, fault: Option<Fault>) -> Answer {
    let day = query.strip_prefix("token=").unwrap_or_default();
    let mut file = wechat_file(shared, day);
    if fault == Some(Fault::AnotherBill) {
        file = file.replace("SUCCESS", "REFUND");
    }
    text(StatusCode::OK, "text/plain; charset=utf-8", file)
}

pub(super) fn alipay_place(shared: &Shared, day: &str) -> Value {
    if rows(&shared.books.lock(), Provider::Alipay, day).is_empty() {
        return alipay_refused("40004", "isp.bill_not_exist");
    }
    success(json!({ "bill_download_url": format!("http://{}/alipay/bill/{day}", shared.address) }))
}

pub(super) fn alipay_download(shared: &Shared, day: &str) -> Answer {
    match alipay_file(shared, day) {
        Ok(file) => text(StatusCode::OK, "application/zip", file),
        Err(error) => {
            tracing::error!(%error, "a demonstration's bill could not be packed");
            text(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "no bill")
        }
    }
}

/// The bookings of a day in China, differences included.
fn rows(books: &Books, provider: Provider, day: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, trade) in books.trades(provider) {
        let Some(paid) = &trade.paid else { continue };
        let row = |refund: Option<String>, amount, at_ms| Row {
            number: number.clone(),
            transaction: paid.transaction.clone(),
            amount,
            refund,
            at: UtcMillis(at_ms),
            goods: trade.terms.description.clone(),
        };
        rows.push(row(None, paid.amount, paid.at_ms));
        rows.extend(
            trade
                .refunds
                .iter()
                .map(|refund| row(Some(refund.number.clone()), refund.amount, refund.done_ms)),
        );
    }
    rows.retain(|row| china_time::day_of(row.at) == day);
    planted(books, provider, day, rows)
}

fn planted(books: &Books, provider: Provider, day: &str, mut rows: Vec<Row>) -> Vec<Row> {
    for plant in books.plants(provider) {
        let found = rows.iter_mut().find(|row| row.number == plant.number && row.refund.is_none());
        match (found, plant.amount) {
            (Some(row), Some(amount)) => row.amount = amount,
            (Some(_), None) => rows.retain(|row| row.number != plant.number),
            (None, Some(amount)) if !is_paid(books, provider, &plant.number) => {
                rows.extend(invented(&plant.number, amount, day));
            }
            (None, _) => {}
        }
    }
    rows
}

fn is_paid(books: &Books, provider: Provider, number: &str) -> bool {
    books.trades(provider).get(number).is_some_and(|trade| trade.paid.is_some())
}

/// A row of a trade that was not paid.
fn invented(number: &str, amount: u64, day: &str) -> Option<Row> {
    let at = china_time::parse_civil(&format!("{day} 12:00:00"))?;
    let (number, transaction) = (number.to_owned(), format!("4299{:024}", at.0));
    Some(Row { number, transaction, amount, refund: None, at, goods: "演示".to_owned() })
}

/// Empty where nothing was booked.
fn wechat_file(shared: &Shared, day: &str) -> String {
    let rows = rows(&shared.books.lock(), Provider::WechatPay, day);
    if rows.is_empty() {
        return String::new();
    }
    let lines: String = rows.iter().map(wechat_row).collect();
    let sum = |refund: bool| {
        yuan_text(rows.iter().filter(|row| row.refund.is_some() == refund).map(|row| row.amount).sum())
    };
    let (paid, back, count) = (sum(false), sum(true), rows.len());
    format!(
        "\u{feff}{WECHAT_HEADING}\r\n{lines}总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`{count},`{paid},`{back},`0.00,`0.00000,`{paid},`{back}\r\n"
    )
}

fn wechat_row(row: &Row) -> String {
    let amount = yuan_text(row.amount);
    let (state, paid, back) =
        if row.refund.is_some() { ("REFUND", "0.00", &*amount) } else { ("SUCCESS", &*amount, "0.00") };
    let refund = row.refund.as_deref().unwrap_or("0");
    format!(
        "`{at},`{APPID},`{MCHID},`0,`,`{transaction},`{number},`demonstration,`NATIVE,`{state},`OTHERS,`CNY,`{paid},`0.00,`{refund},`{refund},`{back},`0.00,`,`,`{goods},`,`0.00000,`0.60%,`{paid},`{back},`\r\n",
        at = china_time::civil(row.at),
        transaction = row.transaction,
        number = row.number,
        goods = row.goods,
    )
}

fn alipay_file(shared: &Shared, day: &str) -> Result<Vec<u8>, zip::result::ZipError> {
    let rows = rows(&shared.books.lock(), Provider::Alipay, day);
    let lines: String = rows.iter().map(alipay_row).collect();
    let bookings = format!(
        "#支付宝业务明细查询（演示）\r\n#起始日期：[{day}]\r\n{ALIPAY_HEADING}\r\n{lines}#业务明细列表结束\r\n#合计：{}笔\r\n",
        rows.len()
    );
    let sums = format!(
        "#支付宝业务汇总查询（演示）\r\n门店编号,门店名称,交易订单总笔数\r\n合计,,{}\r\n",
        rows.len()
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("bookings.csv", bookings), ("sums.csv", sums)] {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(&encoding_rs::GBK.encode(&text).0)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn alipay_row(row: &Row) -> String {
    let (kind, sign) = if row.refund.is_some() { ("退款", "-") } else { ("交易", "") };
    format!(
        "{transaction}\t,{number}\t,{kind},\"{goods}\",{at},{at},,,,,dem***@example.com,{sign}{amount},{sign}{amount},0.00,0.00,0.00,0.00,0.00,,0.00,0.00,{refund}\t,0.00,0.00,\r\n",
        transaction = row.transaction,
        number = row.number,
        goods = row.goods.replace('"', "\"\""),
        at = china_time::civil(row.at),
        amount = yuan_text(row.amount),
        refund = row.refund.as_deref().unwrap_or_default(),
    )
}
