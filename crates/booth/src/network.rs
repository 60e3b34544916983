//! Whether there is a way out of this machine: a default route of the kernel's, over whatever cable or radio.
//!
//! Left out on purpose: whether somebody answers at the other end, which those who talk to them say.

use std::net::Ipv6Addr;

/// Whether the kernel has a default route now. A table that can't be read is no route.
#[must_use]
pub(crate) fn has_way_out() -> bool {
    let table = |path| std::fs::read_to_string(path).unwrap_or_default();
    default_in_ipv4(&table("/proc/net/route")) || default_in_ipv6(&table("/proc/net/ipv6_route"))
}

/// The kernel's flag of a route that can be used (`RTF_UP`), and that of one which refuses (`RTF_REJECT`).
const UP: u32 = 0x1;
const REJECT: u32 = 0x200;

fn usable(flags: &str) -> bool {
    u32::from_str_radix(flags, 16).is_ok_and(|flags| flags & UP != 0 && flags & REJECT == 0)
}

/// Fields: interface, destination, gateway, flags, three counters, mask, and more; hexadecimal. A default route has neither
/// destination nor mask.
fn default_in_ipv4(table: &str) -> bool {
    table.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        matches!(fields[..], [_, "00000000", _, flags, _, _, _, "00000000", ..] if usable(flags))
    })
}

/// Fields: destination, its prefix, source, its prefix, gateway, metric, two counters, flags, interface; hexadecimal.
fn default_in_ipv6(table: &str) -> bool {
    table.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        match fields[..] {
            [to, "00", _, _, _, _, _, _, flags, interface] => {
                let anywhere =
                    u128::from_str_radix(to, 16).is_ok_and(|to| Ipv6Addr::from(to).is_unspecified());
                anywhere && interface != "lo" && usable(flags)
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IPV4: &str = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
        eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
        eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
    const IPV6: &str = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n";
    /// What a machine has that stands alone.
    const ALONE: &str = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n";

    #[test]
    fn a_default_route_is_a_way_out_and_others_are_none() {
        assert!(default_in_ipv4(IPV4) && default_in_ipv6(IPV6));
        let local: String =
            IPV4.lines().filter(|line| !line.contains("0003")).map(|l| format!("{l}\n")).collect();
        assert!(!default_in_ipv4(&local) && !default_in_ipv6(ALONE));
        assert!(!default_in_ipv4(&IPV4.replace("0003", "0002")), "a route that is down");
    }

    proptest! {
        #[test]
        fn junk_is_no_route_and_never_a_panic(text in "[ -~\\n\\t]{0,300}") {
            prop_assert!(!default_in_ipv4(&text.replace("00000000", "00000001")), "nothing leads everywhere");
            let _: bool = default_in_ipv6(&text);
        }
    }
}
