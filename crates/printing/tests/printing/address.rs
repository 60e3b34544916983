use printing::{AddressError, JobName, PrinterAddress};

#[test]
fn an_address_is_read_and_written() {
    let check = |text: &str, expect: &str| {
        let address: PrinterAddress = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(address.to_string(), expect);
        assert_eq!(expect.parse::<PrinterAddress>().unwrap(), address, "{expect} means itself");
    };
    check("ipp://localhost:8631/ipp/print", "ipp://localhost:8631/ipp/print");
    check(" ipp://printer.local ", "ipp://printer.local:631/ipp/print");
    check("ipps://192.168.1.20/printers/photo-6", "ipps://192.168.1.20:631/printers/photo-6");
    check("ipp://[fe80::1]:80/x", "ipp://[fe80::1]:80/x");
    check("/var/lib/campus-booth/prints", "folder:/var/lib/campus-booth/prints");
    check("folder:/var/lib/照片", "folder:/var/lib/照片");
}

#[test]
fn what_is_no_address_is_refused_by_name() {
    let check = |text: &str, expect: AddressError| {
        assert_eq!(text.parse::<PrinterAddress>(), Err(expect), "{text:?}");
    };
    for text in ["", "printer", "http://host/ipp", "usb://x", "prints/"] {
        check(text, AddressError::UnknownKind);
    }
    for text in
        ["ipp://", "ipp:///ipp/print", "ipp://user@host/x", "ipp://ho st/x", "ipp://[zz]/x", "ipp://-x/y"]
    {
        check(text, AddressError::Host);
    }
    for text in ["ipp://host:0/x", "ipp://host:70000/x", "ipp://host:/x", "ipp://host:+1/x", "ipp://host:x/y"]
    {
        check(text, AddressError::Port);
    }
    for text in ["ipp://host/a b", "ipp://host/x?y=z", "ipp://host/照片"] {
        check(text, AddressError::Path);
    }
    check("folder:prints", AddressError::RelativeFolder);
}

#[test]
fn a_jobs_name_is_a_safe_file_name() {
    for good in ["0193-abc", "sheet_1.a", &"x".repeat(127)] {
        assert_eq!(good.parse::<JobName>().unwrap().as_str(), good);
    }
    for bad in ["", ".", "..", ".x", "a/b", "a b", "照片", "-x", &"x".repeat(128)] {
        assert!(bad.parse::<JobName>().is_err(), "{bad:?} is no job's name");
    }
}
