//! What a first visit downloads, and its bounds.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::workspace::Workspace;
use crate::{assets, ui, web};

/// At 50 kbit/s and 800 ms a first paint within five seconds leaves room for this much.
const FIRST_SCREEN_BYTES_MAX: u64 = 30_000;
/// About a minute at 50 kbit/s; leaves room for trust and the circle's life below the final bound of a first visit.
const FIRST_VISIT_BYTES_MAX: u64 = 370_000;

/// Prints the sizes, building the app first when it changed; fails above a bound.
pub(crate) fn run(workspace: &Workspace, as_json: bool) -> Result<()> {
    web::setup_and_build(workspace)?;
    report(workspace, as_json)
}

/// Prints the sizes of web/dist as it is; fails above a bound.
pub(crate) fn report(workspace: &Workspace, as_json: bool) -> Result<()> {
    let dist = workspace.web_dist();
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).with_context(|| format!("{} cannot be read", page.display()))?;
    let first = assets::first_screen(&html);
    let mut all = assets::list(&dist)?;
    all.sort_by(|a, b| b.sent_bytes.cmp(&a.sent_bytes).then_with(|| a.name.cmp(&b.name)));
    if let Some(missing) = first.iter().find(|name| !all.iter().any(|asset| asset.name == **name)) {
        bail!("index.html loads {missing}, which is not in {}; run `cargo xtask web`", dist.display());
    }
    let first_screen: u64 = all.iter().filter(|asset| first.contains(&asset.name)).map(|asset| asset.sent_bytes).sum();
    let first_visit: u64 = all.iter().map(|asset| asset.sent_bytes).sum();
    if as_json {
        let files: Vec<_> = all
            .iter()
            .map(|asset| json!({ "name": asset.name, "raw_bytes": asset.raw_bytes, "bytes": asset.sent_bytes, "first_screen": first.contains(&asset.name) }))
            .collect();
        println!("{}", json!({ "first_screen_bytes": first_screen, "first_visit_bytes": first_visit, "files": files }));
    } else {
        println!("{:>12} {:>12}  file (* first screen)", "on disk", "brotli");
        for asset in &all {
            let mark = if first.contains(&asset.name) { '*' } else { ' ' };
            println!(
                "{:>12} {:>12} {mark} {}",
                ui::grouped(asset.raw_bytes),
                ui::grouped(asset.sent_bytes),
                asset.name
            );
        }
        println!("first screen {:>12} of at most {}", ui::grouped(first_screen), ui::grouped(FIRST_SCREEN_BYTES_MAX));
        println!("first visit  {:>12} of at most {}", ui::grouped(first_visit), ui::grouped(FIRST_VISIT_BYTES_MAX));
    }
    hold("the first screen", first_screen, FIRST_SCREEN_BYTES_MAX)?;
    hold("a first visit", first_visit, FIRST_VISIT_BYTES_MAX)
}

fn hold(what: &str, bytes: u64, bytes_max: u64) -> Result<()> {
    if bytes > bytes_max {
        bail!(
            "{what} downloads {} bytes, {} more than its bound of {}; find what grew with `cargo xtask size`",
            ui::grouped(bytes),
            ui::grouped(bytes - bytes_max),
            ui::grouped(bytes_max)
        );
    }
    Ok(())
}
