use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};

use super::CliError;

/// Logs to standard error: what a command prints stays clean.
pub(super) fn start(settings: &Settings) -> Result<(), CliError> {
    let filter = settings.log.clone().unwrap_or_else(|| "info,sled=warn".to_owned());
    let parsed = EnvFilter::try_new(&filter).map_err(|_| CliError::LogFilter { found: filter })?;
    let builder = tracing_subscriber::fmt().with_env_filter(parsed).with_writer(std::io::stderr).with_target(false);
    match settings.log_format.unwrap_or_default() {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => builder.json().with_current_span(true).with_span_list(false).init(),
    }
    Ok(())
}
