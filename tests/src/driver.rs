//! A virtual display and the kiosk's real window on it, driven through WebKitWebDriver.

use crate::free_port::free_port;
use crate::process::{Owned, wait_for};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long the window may take for any one thing. The slowest, a processed photo, took 1.5 s on two busy cores; ten times
/// that leaves room for a machine that also compiles.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The screens that go on by themselves, some after a second: a machine that pauses then may never find them shown.
pub const FLEETING: [&str; 3] = ["countdown", "processing", "printing"];

/// The page keeps the screens that it showed, and from which on they count.
const SHOWN: &str = "const shown = (window.shownSteps ??= (() => {
    const kept = { steps: [], from: 0 };
    const note = () => {
        const step = document.querySelector('[data-testid=screen]')?.dataset.step;
        if (step !== undefined && kept.steps.at(-1) !== step) kept.steps.push(step);
    };
    note();
    const what = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-step'] };
    new MutationObserver(note).observe(document.documentElement, what);
    return kept;
})());";

/// A display of its own with a window manager: full screen needs one.
pub struct Display {
    name: String,
    _window_manager: Owned,
    _server: Owned,
}

impl Display {
    /// Starts one of `width` x `height` pixels.
    ///
    /// # Errors
    /// Where Xvfb or openbox isn't installed or doesn't start.
    pub fn start(width: u32, height: u32) -> io::Result<Self> {
        let screen = format!("{width}x{height}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let mut server = Owned::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let stdout = server.child().stdout.take().ok_or_else(|| io::Error::other("Xvfb has no output"))?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        if number.trim().is_empty() {
            return Err(io::Error::other("Xvfb named no display"));
        }
        let name = format!(":{}", number.trim());
        let window_manager =
            Owned::start(Command::new("openbox").env("DISPLAY", &name).stderr(Stdio::null()))?;
        Ok(Self { name, _window_manager: window_manager, _server: server })
    }

    /// Its name, such as `:3`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The kiosk's window, and the driver that holds it.
pub struct Window {
    /// The WebDriver session.
    pub client: Client,
    _driver: Owned,
}

/// The kiosk's binary: `CAMPUS_BOOTH_BIN`, or the one that was built beside this test.
///
/// # Errors
/// Where there is none.
pub fn kiosk_binary() -> io::Result<PathBuf> {
    if let Some(path) = std::env::var_os("CAMPUS_BOOTH_BIN") {
        return Ok(path.into());
    }
    let here = std::env::current_exe()?;
    let found = here.ancestors().map(|folder| folder.join("campus-booth")).find(|path| path.is_file());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "build campus-booth first (make build)"))
}

impl Window {
    /// Opens the kiosk on `display` with its data in `data`.
    ///
    /// # Errors
    /// Where the driver or the kiosk doesn't start.
    pub async fn open(display: &Display, data: &Path, size: (u32, u32)) -> io::Result<Self> {
        Self::open_with(display, data, size, &[]).await
    }

    /// As [`Window::open`], with these variables in the kiosk's environment. Unless one of them says otherwise, the page's process
    /// stays when a student leaves: WebKit ends the WebDriver session with it.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_with(
        display: &Display,
        data: &Path,
        size: (u32, u32),
        variables: &[(&str, PathBuf)],
    ) -> io::Result<Self> {
        let port = free_port()?;
        let log = std::fs::File::create(data.join("kiosk.log"))?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", display.name())
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("CAMPUS_BOOTH_DATA", data)
            .env("CAMPUS_BOOTH_ASSETS", assets())
            .env("CAMPUS_BOOTH_WINDOW", format!("{}x{}", size.0, size.1))
            .env("CAMPUS_BOOTH_KEEP_PAGE", "1")
            .env("RUST_LOG", "info")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdout(log.try_clone()?)
            .stderr(log);
        let driver = Owned::start(&mut command)?;
        wait_for("WebKitWebDriver", PATIENCE, || std::net::TcpStream::connect(("127.0.0.1", port)).ok())?;
        let options = serde_json::json!({ "binary": kiosk_binary()?, "args": [] });
        let client = connect(port, "webkitgtk:browserOptions", options).await?;
        Ok(Self { client, _driver: driver })
    }

    /// A second driver's session with the same kiosk, after the first one's ended with the page's process.
    ///
    /// # Errors
    /// Where the driver doesn't start, or the kiosk is gone.
    pub async fn attach(&self) -> io::Result<Self> {
        let environment = std::fs::read(format!("/proc/{}/environ", self.kiosk()?))?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        let target = environment.split('\0').find_map(|v| v.strip_prefix("WEBKIT_INSPECTOR_SERVER="));
        let target = target.ok_or_else(|| io::Error::other("the kiosk is not under automation"))?;
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        let driver = Owned::start(command.arg(format!("--port={port}")).arg(format!("--target={target}")))?;
        wait_for("WebKitWebDriver", PATIENCE, || std::net::TcpStream::connect(("127.0.0.1", port)).ok())?;
        let client = connect(port, "browserName", "wry".into()).await?;
        Ok(Self { client, _driver: driver })
    }

    /// Closes the window; the driver ends with the value.
    pub async fn close(self) {
        // The kiosk refuses to be closed and may already be dead; the driver's end takes both away.
        drop(self.client.close().await);
    }

    /// Waits for the screen `step` and returns. One that goes on by itself may have been shown since the last press, or since the
    /// screen that was waited for last.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the step and the one that is shown.
    pub async fn expect_step(&self, step: &str) -> io::Result<()> {
        if FLEETING.contains(&step) && self.was_shown(step).await? {
            return Ok(());
        }
        let found =
            format!("{SHOWN} shown.from = Math.max(shown.from, shown.steps.lastIndexOf(arguments[0]) + 1);");
        let selector = format!("[data-testid=screen][data-step={step}]");
        let wait = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&selector)).await;
        if wait.is_err() {
            let shown = self.step().await.unwrap_or_else(|e| e.to_string());
            return Err(io::Error::other(format!("waited for the screen {step}, the window shows {shown}")));
        }
        self.client.execute(&found, vec![step.into()]).await.map(drop).map_err(io::Error::other)
    }

    /// Waits until the screen `step` has been shown since the last press; whether it was in time.
    async fn was_shown(&self, step: &str) -> io::Result<bool> {
        let begun = std::time::Instant::now();
        let asked = format!(
            "{SHOWN} const at = shown.steps.indexOf(arguments[0], shown.from);
             if (at >= 0) shown.from = at + 1;
             return at >= 0;"
        );
        while begun.elapsed() < PATIENCE {
            let found = self.client.execute(&asked, vec![step.into()]).await.map_err(io::Error::other)?;
            if found == serde_json::Value::Bool(true) {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(false)
    }

    /// Waits until another screen than `step` is shown, and says which.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the step.
    pub async fn leave_step(&self, step: &str) -> io::Result<String> {
        let selector = format!("[data-testid=screen]:not([data-step={step}])");
        let wait = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&selector)).await;
        let left = wait.map_err(|e| io::Error::other(format!("the window stayed at {step}: {e}")))?;
        Ok(left.attr("data-step").await.map_err(io::Error::other)?.unwrap_or_default())
    }

    /// Waits until `step` is left, and says for which screen, or for which error where what was asked there was refused.
    ///
    /// # Errors
    /// After [`PATIENCE`].
    pub async fn leave_or_refused(&self, step: &str) -> io::Result<String> {
        let selector =
            format!("[data-testid=screen]:not([data-step={step}]), [data-testid=error][data-code]");
        let wait = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&selector)).await;
        let found = wait.map_err(|e| io::Error::other(format!("the window stayed at {step}: {e}")))?;
        let code = found.attr("data-code").await.map_err(io::Error::other)?;
        let step = found.attr("data-step").await.map_err(io::Error::other)?;
        Ok(code.or(step).unwrap_or_default())
    }

    /// Whether the page shows now what has this test id, and it isn't disabled.
    ///
    /// # Errors
    /// Where the page can't be asked.
    pub async fn is_shown(&self, test_id: &str) -> io::Result<bool> {
        let selector = format!("[data-testid=\"{test_id}\"]:not([disabled])");
        let found = self.client.find_all(Locator::Css(&selector)).await.map_err(io::Error::other)?;
        Ok(!found.is_empty())
    }

    /// Clicks what has this test id if it is shown now; whether it was.
    ///
    /// # Errors
    /// Where it can't be clicked.
    pub async fn click_if_shown(&self, test_id: &str) -> io::Result<bool> {
        let shown = self.is_shown(test_id).await?;
        if shown {
            self.click(test_id).await?;
        }
        Ok(shown)
    }

    /// Kills the kiosk as a power cut does: SIGKILL, with no chance to tidy up. The driver ends with it.
    ///
    /// # Errors
    /// Where no kiosk runs under this driver.
    pub fn kill_kiosk(self) -> io::Result<()> {
        let pid = self.kiosk()?;
        // SAFETY: kill only sends a signal; the process is a child of the driver that is ours and still alive.
        #[expect(
            unsafe_code,
            reason = "the signal must be SIGKILL, which std sends to its own children only"
        )]
        let sent = unsafe { libc::kill(pid, libc::SIGKILL) };
        if sent != 0 {
            return Err(io::Error::last_os_error());
        }
        wait_for("the kiosk's end", PATIENCE, || is_gone(pid).then_some(()))
    }

    /// The kiosk's process.
    ///
    /// # Errors
    /// Where no kiosk runs under this driver.
    pub fn kiosk(&self) -> io::Result<i32> {
        let driver = self._driver.id();
        let kiosk = children(driver)?.into_iter().find(|(_, name)| name.starts_with("campus-booth"));
        let (pid, _) = kiosk.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no kiosk runs"))?;
        Ok(pid)
    }

    /// The screen that is shown; a page that is starting is waited for.
    ///
    /// # Errors
    /// After [`PATIENCE`].
    pub async fn step(&self) -> io::Result<String> {
        let any = Locator::Css("[data-testid=screen]");
        let screen = self.client.wait().at_most(PATIENCE).for_element(any).await.map_err(io::Error::other)?;
        Ok(screen.attr("data-step").await.map_err(io::Error::other)?.unwrap_or_default())
    }

    /// Clicks what has this test id, once it can be clicked.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the id.
    pub async fn click(&self, test_id: &str) -> io::Result<()> {
        let selector = format!("[data-testid=\"{test_id}\"]:not([disabled])");
        let named = |e| io::Error::other(format!("{test_id} can't be clicked: {e}"));
        let mark = format!("{SHOWN} shown.from = shown.steps.length;");
        self.client.execute(&mark, vec![]).await.map_err(named)?;
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&selector)).await;
        found.map_err(named)?.click().await.map_err(named)
    }

    /// Types into the field with this test id.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the id.
    pub async fn type_into(&self, test_id: &str, text: &str) -> io::Result<()> {
        let selector = format!("[data-testid=\"{test_id}\"]");
        let named = |e| io::Error::other(format!("{test_id} can't be typed into: {e}"));
        let field =
            self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&selector)).await.map_err(named)?;
        field.clear().await.map_err(named)?;
        field.send_keys(text).await.map_err(named)
    }

    /// Waits until the page says this error, by its code.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the code.
    pub async fn expect_error(&self, code: &str) -> io::Result<()> {
        self.expect_css(&format!("[data-testid=error][data-code=\"{code}\"]")).await
    }

    /// Waits until the page shows what has this test id.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the id.
    pub async fn expect_shown(&self, test_id: &str) -> io::Result<()> {
        self.expect_css(&format!("[data-testid=\"{test_id}\"]")).await
    }

    /// Waits until the page has what this CSS selector finds; its test id.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the selector.
    pub async fn expect_css_id(&self, selector: &str) -> io::Result<String> {
        let named = |e| io::Error::other(format!("waited for {selector}: {e}"));
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        Ok(found.map_err(named)?.attr("data-testid").await.map_err(io::Error::other)?.unwrap_or_default())
    }

    /// Waits until the page has what this CSS selector finds.
    ///
    /// # Errors
    /// After [`PATIENCE`], naming the selector.
    pub async fn expect_css(&self, selector: &str) -> io::Result<()> {
        let wait = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        wait.map(drop).map_err(|e| io::Error::other(format!("waited for {selector}: {e}")))
    }

    /// Presses a button twice in the same moment, as an impatient finger does.
    ///
    /// # Errors
    /// Where the button doesn't come.
    pub async fn press_twice(&self, test_id: &str) -> io::Result<()> {
        let selector = format!("[data-testid=\"{test_id}\"]:not([disabled])");
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(&selector))
            .await
            .map_err(io::Error::other)?;
        let script = format!(
            "{SHOWN} shown.from = shown.steps.length;
             const b = document.querySelector(arguments[0]); b.click(); b.click();"
        );
        self.client.execute(&script, vec![selector.into()]).await.map(drop).map_err(io::Error::other)
    }

    /// The words on the page, those that only a screen reader speaks too, but not what is marked as Chinese for everybody.
    ///
    /// # Errors
    /// Where the page can't be asked.
    pub async fn words(&self) -> io::Result<String> {
        const SCRIPT: &str = "const said = [], kept = '[lang|=zh]:not(html, body), script, style'; \
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); \
            while (texts.nextNode()) { const around = texts.currentNode.parentElement; \
            if (!around.closest(kept) && around.getClientRects().length) said.push(texts.currentNode.data); } \
            for (const name of ['aria-label', 'alt', 'title', 'placeholder']) \
            for (const named of document.querySelectorAll(`[${name}]`)) \
            if (!named.closest(kept)) said.push(named.getAttribute(name)); return said.join('\\n');";
        let said = self.client.execute(SCRIPT, vec![]).await.map_err(io::Error::other)?;
        said.as_str().map(str::to_owned).ok_or_else(|| io::Error::other("the page said no text"))
    }

    /// A picture of the window, as PNG bytes. WebKit takes it with the next frame that it draws, and draws none while nothing
    /// changes: so something invisible changes for half a minute.
    ///
    /// # Errors
    /// Those of the driver.
    pub async fn screenshot(&self) -> io::Result<Vec<u8>> {
        const STIR: &str = "let n = 0; const stir = () => { document.documentElement.style.opacity = n % 2 ? '' : '0.9999'; \
            if (n++ < 1800) requestAnimationFrame(stir); }; stir();";
        self.client.execute(STIR, vec![]).await.map_err(io::Error::other)?;
        self.client.screenshot().await.map_err(io::Error::other)
    }
}

/// The children of a process, with their names.
fn children(parent: u32) -> io::Result<Vec<(i32, String)>> {
    let mut found = vec![];
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        // A process may end while it is looked at: then it is none of the children.
        let Ok(stat) = std::fs::read_to_string(path.join("stat")) else { continue };
        if let Some((pid, name, above)) = parse_stat(&stat)
            && above == parent
        {
            found.push((pid, name));
        }
    }
    Ok(found)
}

/// `pid (name) state ppid ...` of proc(5).
pub(crate) fn parse_stat(stat: &str) -> Option<(i32, String, u32)> {
    let (pid, rest) = stat.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    Some((pid.parse().ok()?, name.to_owned(), rest.split(' ').nth(1)?.parse().ok()?))
}

/// Ended, or only waiting for its parent to notice.
fn is_gone(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.map_or(true, |stat| stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('Z')))
}

async fn connect(port: u16, capability: &str, value: serde_json::Value) -> io::Result<Client> {
    let mut capabilities = Capabilities::new();
    capabilities.insert(capability.into(), value);
    let address = format!("http://127.0.0.1:{port}");
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    ClientBuilder::new(connector).capabilities(capabilities).connect(&address).await.map_err(io::Error::other)
}

/// The project's assets.
#[must_use]
pub fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets")
}
